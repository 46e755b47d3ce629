import java.util.Random;
import java.util.zip.CRC32;

/** Bodies of one length, of which the app says what it got. */
final class Uploads implements Server.Visit {
  private final String method;
  private final byte[] body;
  private final String expected;

  Uploads(String method, int bytes) {
    this.method = method;
    this.body = new byte[bytes];
    new Random(bytes).nextBytes(body);
    CRC32 crc = new CRC32();
    crc.update(body);
    this.expected = "bytes=%d\ncrc=%08x\n".formatted(bytes, crc.getValue());
  }

  @Override
  public void by(Connection connection) throws Exception {
    String got = connection.send(method, "/" + method.toLowerCase(), body);
    if (!got.endsWith(expected)) {
      throw new WrongAnswer("the app got something else");
    }
  }
}
