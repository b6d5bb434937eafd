package discord

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/strillone/strillone/digest"
	"github.com/strillone/strillone/digest/delivery"
)

// confirms is a Discord without a network.
type confirms struct{}

func (confirms) RoundTrip(r *http.Request) (*http.Response, error) {
	_, _ = io.Copy(io.Discard, r.Body)
	return &http.Response{
		StatusCode: http.StatusOK,
		Header:     http.Header{"X-Ratelimit-Remaining": {"4"}},
		Body:       io.NopCloser(strings.NewReader(`{"id":"1","type":0,"content":"","channel_id":"1"}`)),
		Request:    r,
	}, nil
}

// BenchmarkSend is what the adapter itself costs a delivery, the network left
// out, and beside it, in turn, the least that a program does: a request made
// with http.Client and its answer decoded. The figures are nanoseconds for each
// message.
func BenchmarkSend(b *testing.B) {
	a := New(Config{Token: "A", Transport: confirms{}})
	parts, err := a.Render(digestDoc(10))
	if err != nil {
		b.Fatal(err)
	}
	bare := &http.Client{Transport: confirms{}}
	to := digest.Destination{Platform: platform, Chat: "1000000001"}
	const n = 20_000
	var adapter, least time.Duration
	for b.Loop() {
		began := time.Now()
		for range n {
			if _, err := a.Send(b.Context(), delivery.Message{To: to, Part: parts[0], Key: "d1.0"}); err != nil {
				b.Fatal(err)
			}
		}
		half := time.Now()
		for range n {
			if err := postBare(b, bare, parts[0]); err != nil {
				b.Fatal(err)
			}
		}
		adapter += half.Sub(began)
		least += time.Since(half)
	}
	each := func(d time.Duration) float64 { return float64(d.Nanoseconds()) / float64(b.N*n) }
	b.ReportMetric(each(adapter), "adapter-ns")
	b.ReportMetric(each(least), "bare-ns")
	b.ReportMetric(0, "ns/op")
}

func postBare(b *testing.B, c *http.Client, body []byte) error {
	r, err := http.NewRequestWithContext(b.Context(), http.MethodPost, vendor+"/api/v10/channels/1000000001/messages", bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header = http.Header{"Content-Type": {"application/json"}, "Authorization": {"Bot A"}}
	response, err := c.Do(r)
	if err != nil {
		return err
	}
	defer response.Body.Close()
	answer, err := io.ReadAll(response.Body)
	if err != nil {
		return err
	}
	var created struct {
		ID string `json:"id"`
	}
	return json.Unmarshal(answer, &created)
}
