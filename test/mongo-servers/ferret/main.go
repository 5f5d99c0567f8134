// FerretDB (on SQLite) on 127.0.0.1, for the tests: ferret <port, 0 = any free> <data folder>
package main

import (
	"context"
	"encoding/binary"
	"fmt"
	"io"
	"log"
	"log/slog"
	"net"
	"os"
	"os/signal"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	"github.com/FerretDB/FerretDB/ferretdb"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: ferret <port> <data folder>")
	}
	ctx, stop := signal.NotifyContext(context.Background(), syscall.SIGTERM, syscall.SIGINT)
	go func() {
		// The parent holds the other end of stdin, which closes however the parent ends.
		io.Copy(io.Discard, os.Stdin)
		stop()
	}()

	folder := os.Args[2]
	socket := filepath.Join(folder, "ferret.sock")
	os.Remove(socket) // Left by a SIGKILL.
	ferret, err := ferretdb.New(&ferretdb.Config{
		Listener:  ferretdb.ListenerConfig{Unix: socket},
		Logger:    slog.New(slog.NewTextHandler(os.Stderr, &slog.HandlerOptions{Level: slog.LevelError})),
		Handler:   "sqlite",
		SQLiteURL: "file:" + folder + "/",
	})
	if err != nil {
		log.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	go acceptAll(listener, socket)
	fmt.Println("listening on", listener.Addr().(*net.TCPAddr).Port)

	// Ferret waits some seconds for connections that clients keep open. SQLite needs no farewell: soon is enough.
	context.AfterFunc(ctx, func() { time.AfterFunc(500*time.Millisecond, func() { os.Exit(0) }) })
	if err := ferret.Run(ctx); err != nil {
		log.Fatal(err)
	}
}

// Ferret reads and then writes in separate statements: of two updates at once that match the same document both would
// succeed. MongoDB's are atomic, so one command at a time is let through, from all connections.
var turn sync.Mutex

func acceptAll(listener net.Listener, socket string) {
	for {
		client, err := listener.Accept()
		if err != nil {
			log.Fatal(err)
		}
		go func() {
			defer client.Close()
			ferret, err := net.Dial("unix", socket)
			if err != nil {
				log.Print(err)
				return
			}
			defer ferret.Close()
			for {
				request, err := readMessage(client)
				if err != nil {
					return
				}
				answer, err := exchange(ferret, request)
				if err != nil {
					return
				}
				if _, err := client.Write(answer); err != nil {
					return
				}
			}
		}()
	}
}

func exchange(ferret net.Conn, request []byte) ([]byte, error) {
	turn.Lock()
	defer turn.Unlock()
	if _, err := ferret.Write(request); err != nil {
		return nil, err
	}
	const opMsg, moreToCome = 2013, 2
	if len(request) >= 20 && binary.LittleEndian.Uint32(request[12:]) == opMsg && request[16]&moreToCome != 0 {
		return nil, nil // Write concern 0: no answer.
	}
	return readMessage(ferret)
}

// A message begins with its own length.
func readMessage(from net.Conn) ([]byte, error) {
	header := make([]byte, 16)
	if _, err := io.ReadFull(from, header); err != nil {
		return nil, err
	}
	length := binary.LittleEndian.Uint32(header)
	if length < 16 || length > 64<<20 {
		return nil, fmt.Errorf("a message of %d bytes", length)
	}
	message := make([]byte, length)
	copy(message, header)
	_, err := io.ReadFull(from, message[16:])
	return message, err
}
