package main

import (
	"encoding/base64"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"sync/atomic"
)

// secured is the variable that makes platform speak TLS.
const secured = "STRILLONE_BENCH_TLS"

// platform is a program of its own: a server that reads a message and confirms
// it, and does nothing else. It is both platforms in one, and prints its address
// and its certificate. GET /connections tells how many were opened.
func platform() {
	var opened, messages atomic.Int64
	srv := httptest.NewUnstartedServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "application/json")
		if r.URL.Path == "/connections" {
			fmt.Fprint(w, opened.Load())
			return
		}
		_, _ = io.Copy(io.Discard, r.Body)
		n := messages.Add(1)
		if strings.HasPrefix(r.URL.Path, "/api/") {
			fmt.Fprintf(w, `{"id":"%d","type":0,"content":"","channel_id":"1","timestamp":"2026-03-02T06:30:00Z"}`, n)
			return
		}
		fmt.Fprintf(w, `{"ok":true,"result":{"message_id":%d,"date":1772433000,"chat":{"id":1,"type":"private"}}}`, n)
	}))
	srv.Config.ErrorLog = slog.NewLogLogger(slog.DiscardHandler, slog.LevelError)
	srv.Config.ConnState = func(_ net.Conn, s http.ConnState) {
		if s == http.StateNew {
			opened.Add(1)
		}
	}
	certificate := ""
	if os.Getenv(secured) != "" {
		srv.StartTLS()
		certificate = base64.StdEncoding.EncodeToString(srv.Certificate().Raw)
	} else {
		srv.Start()
	}
	fmt.Println(srv.URL, certificate)
	_, _ = io.Copy(io.Discard, os.Stdin) // until the benchmark ends, however it ends
}
