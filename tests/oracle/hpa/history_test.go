//go:build !k129

package oracle

import (
	"encoding/json"
	"testing"
	"testing/synctest"
)

// TestHistory answers for the whole controller over several syncs.
func TestHistory(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		c := newController()
		defer c.close()
		answerLines(t, func(line []byte) (any, error) {
			var h History
			if err := json.Unmarshal(line, &h); err != nil {
				return nil, err
			}
			return h.run(c), nil
		})
	})
}
