// Tests with a real client: the library that the adapter uses.

package telegramtest

import (
	"errors"
	"testing"

	tgbotapi "github.com/go-telegram-bot-api/telegram-bot-api/v5"
)

func TestLibrary(t *testing.T) {
	w := newWorld(t)
	api, err := tgbotapi.NewBotAPIWithClient(Token, w.URL()+"/bot%s/%s", w.client)
	if err != nil || api.Self.UserName != Username {
		t.Fatal(api, err)
	}
	w.Say(w.ada, w.ada, "/start leggi-7")
	updates, err := api.GetUpdates(tgbotapi.UpdateConfig{Timeout: 5, AllowedUpdates: []string{"message", "callback_query"}})
	if err != nil || len(updates) != 1 || updates[0].Message.Command() != "start" || updates[0].Message.CommandArguments() != "leggi-7" {
		t.Fatalf("%+v %v", updates, err)
	}

	message := tgbotapi.NewMessage(w.ada, "<b>Articolo 7</b>")
	message.ParseMode = "HTML"
	message.ReplyMarkup = tgbotapi.NewInlineKeyboardMarkup(tgbotapi.NewInlineKeyboardRow(tgbotapi.NewInlineKeyboardButtonData("Leggi", "leggi 7")))
	sent, err := api.Send(message)
	if err != nil || sent.Text != "Articolo 7" {
		t.Fatalf("%+v %v", sent, err)
	}
	shown, err := w.Await(timeout(t), In(w.ada, "Articolo"))
	if err != nil {
		t.Fatal(err)
	}
	button, _ := shown.Button("Leggi")
	press := w.Press(w.ada, shown, button.Data)
	updates, err = api.GetUpdates(tgbotapi.UpdateConfig{Offset: updates[0].UpdateID + 1, Timeout: 5})
	if err != nil || len(updates) != 1 || updates[0].CallbackQuery.Message.MessageID != sent.MessageID {
		t.Fatalf("%+v %v", updates, err)
	}
	if _, err := api.Request(tgbotapi.NewCallback(updates[0].CallbackQuery.ID, "ecco")); err != nil {
		t.Fatal(err)
	}
	if a, err := press.Answer(timeout(t)); err != nil || a.Text != "ecco" {
		t.Errorf("%+v %v", a, err)
	}

	w.Intercept(Times(1, SendsTo(0), Limited(3)))
	_, err = api.Send(message)
	if refused, ok := errors.AsType[*tgbotapi.Error](err); !ok || refused.RetryAfter != 3 || refused.Code != 429 {
		t.Errorf("%+v", err)
	}
	w.clean()
}
