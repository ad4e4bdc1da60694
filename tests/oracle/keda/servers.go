package oracle

import (
	"bufio"
	"fmt"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"time"
)

const (
	httpTimeout = 3 * time.Second
	apiTimeout  = 3 * time.Second
)

// prometheus answers queries by their text: a number, "" for no series, "failed" for an error.
type prometheus struct {
	server  *httptest.Server
	mutex   sync.Mutex
	answers map[string]string
}

func newPrometheus() *prometheus {
	p := &prometheus{answers: map[string]string{}}
	p.server = httptest.NewServer(http.HandlerFunc(p.answer))
	return p
}

func (p *prometheus) set(query, answer string) {
	p.mutex.Lock()
	defer p.mutex.Unlock()
	p.answers[query] = answer
}

func (p *prometheus) answer(w http.ResponseWriter, r *http.Request) {
	p.mutex.Lock()
	answer := p.answers[r.URL.Query().Get("query")]
	p.mutex.Unlock()
	result := ""
	switch answer {
	case "failed":
		http.Error(w, "failed", http.StatusInternalServerError)
		return
	case "":
	default:
		result = fmt.Sprintf(`{"metric":{},"value":[0,"%s"]}`, answer)
	}
	fmt.Fprintf(w, `{"status":"success","data":{"resultType":"vector","result":[%s]}}`, result)
}

// newRedis answers every command with PONG or OK, so that a client is content; its address.
func newRedis() string {
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	must(err)
	go func() {
		for {
			connection, err := listener.Accept()
			if err != nil {
				return
			}
			go answerRedis(connection)
		}
	}()
	return listener.Addr().String()
}

func answerRedis(connection net.Conn) {
	defer connection.Close()
	lines := bufio.NewScanner(connection)
	for lines.Scan() {
		line := lines.Text()
		var count int
		if _, err := fmt.Sscanf(line, "*%d", &count); err != nil {
			return
		}
		var words []string
		for range count {
			lines.Scan() // the length of what follows
			lines.Scan()
			words = append(words, strings.ToLower(lines.Text()))
		}
		answer := "+OK\r\n"
		switch words[0] {
		case "ping":
			answer = "+PONG\r\n"
		case "hello":
			answer = "-ERR unknown command\r\n"
		}
		if _, err := connection.Write([]byte(answer)); err != nil {
			return
		}
	}
}
