package undersounds.stats.mongo;

import de.bwaldvogel.mongo.MongoServer;
import de.bwaldvogel.mongo.MongoVersion;
import de.bwaldvogel.mongo.backend.h2.H2Backend;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.wire.message.MongoMessage;
import java.io.OutputStream;
import java.util.List;
import org.h2.mvstore.MVStore;

/**
 * mongo-java-server on 127.0.0.1, for the tests: {@code Server <port, 0 = any free> [<H2 file, none = in memory>]}.
 */
public final class Server {

  /** The library reports wire version 8 at most, which the current drivers refuse; 21 is MongoDB 7.0. */
  private static final MongoVersion VERSION = new MongoVersion() {
    @Override
    public List<Integer> getVersionArray() {
      return List.of(7, 0, 0);
    }

    @Override
    public int getWireVersion() {
      return 21;
    }
  };

  private static final class Backend extends H2Backend {
    private final boolean durable;

    Backend(MVStore store, boolean durable) {
      super(store);
      this.durable = durable;
    }

    /**
     * One command at a time, and a copy of its answer: an update changes the document in place that others have been
     * answered, or are just being.
     *
     * <p>Durable, it answers only when what it wrote is in the file, so that a SIGKILL loses nothing acknowledged. H2
     * alone saves once a second, in the background, and a shorter delay would only lose less. Without auto-commit it
     * has no background threads either, hence commit() returns after the write (without fsync: a power failure is not
     * what the tests try).
     */
    @Override
    public synchronized Document handleMessage(MongoMessage message) {
      try {
        return super.handleMessage(message).cloneDeeply();
      } finally {
        if (durable) commit();
      }
    }
  }

  public static void main(String[] args) throws Exception {
    String file = args.length > 1 ? args[1] : null;
    H2Backend backend = new Backend(new MVStore.Builder().fileName(file).autoCommitDisabled().open(), file != null);
    backend.version(VERSION);
    MongoServer server = new MongoServer(backend);
    server.bind("127.0.0.1", Integer.parseInt(args[0]));
    Runtime.getRuntime().addShutdownHook(new Thread(server::shutdownNow)); // closes, hence commits, the backend
    System.out.println("listening on " + server.getLocalAddress().getPort());

    // The parent holds the other end of stdin, which closes however the parent ends.
    System.in.transferTo(OutputStream.nullOutputStream());
    System.exit(0);
  }
}
