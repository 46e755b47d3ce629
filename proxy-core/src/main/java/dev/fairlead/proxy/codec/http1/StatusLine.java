package dev.fairlead.proxy.codec.http1;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;

/**
 * The first line of a response (RFC 9112 §4). The reason phrase is read and forgotten: clients
 * should ignore it, and HTTP/2 has none.
 *
 * @param status 100 to 999
 * @param isHttp11 else it is 1.0
 */
record StatusLine(int status, boolean isHttp11) {

  private static final int VERSION_LENGTH = "HTTP/1.1 ".length();
  private static final int MAX_STATUS = 600;
  private static final byte[][] LINES = new byte[MAX_STATUS][];

  static {
    for (int status = 100; status < MAX_STATUS; status++) {
      LINES[status] = line(status);
    }
  }

  static StatusLine parse(byte[] bytes, int start, int end) throws MalformedMessageException {
    int code = start + VERSION_LENGTH;
    boolean complete = end - code == 3 || (end - code > 3 && bytes[code + 3] == ' ');
    if (!complete || !isHttp1(bytes, start)) {
      throw MalformedMessageException.bad("start line is not that of an HTTP/1 response");
    }
    int status = 0;
    for (int i = code; i < code + 3; i++) {
      int digit = bytes[i] - '0';
      if (digit < 0 || digit > 9) {
        throw MalformedMessageException.bad("status is no number");
      }
      status = status * 10 + digit;
    }
    if (status < 100) {
      throw MalformedMessageException.bad("status is less than 100");
    }
    return new StatusLine(status, bytes[code - 2] == '1');
  }

  private static boolean isHttp1(byte[] bytes, int start) {
    return bytes[start] == 'H'
        && bytes[start + 1] == 'T'
        && bytes[start + 2] == 'T'
        && bytes[start + 3] == 'P'
        && bytes[start + 4] == '/'
        && bytes[start + 5] == '1'
        && bytes[start + 6] == '.'
        && (bytes[start + 7] == '1' || bytes[start + 7] == '0')
        && bytes[start + 8] == ' ';
  }

  /** Writes the line of a status, with its end. Always as HTTP/1.1 (RFC 9110 §2.5). */
  static void write(int status, ByteBuf out) {
    out.writeBytes(status < MAX_STATUS ? LINES[status] : line(status));
  }

  private static byte[] line(int status) {
    return ("HTTP/1.1 " + status + " " + reason(status) + "\r\n")
        .getBytes(StandardCharsets.US_ASCII);
  }

  // RFC 9110 §15 and IANA's registry. An empty phrase is allowed.
  private static String reason(int status) {
    return switch (status) {
      case 100 -> "Continue";
      case 101 -> "Switching Protocols";
      case 102 -> "Processing";
      case 103 -> "Early Hints";
      case 200 -> "OK";
      case 201 -> "Created";
      case 202 -> "Accepted";
      case 203 -> "Non-Authoritative Information";
      case 204 -> "No Content";
      case 205 -> "Reset Content";
      case 206 -> "Partial Content";
      case 207 -> "Multi-Status";
      case 300 -> "Multiple Choices";
      case 301 -> "Moved Permanently";
      case 302 -> "Found";
      case 303 -> "See Other";
      case 304 -> "Not Modified";
      case 307 -> "Temporary Redirect";
      case 308 -> "Permanent Redirect";
      case 400 -> "Bad Request";
      case 401 -> "Unauthorized";
      case 402 -> "Payment Required";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 406 -> "Not Acceptable";
      case 407 -> "Proxy Authentication Required";
      case 408 -> "Request Timeout";
      case 409 -> "Conflict";
      case 410 -> "Gone";
      case 411 -> "Length Required";
      case 412 -> "Precondition Failed";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 415 -> "Unsupported Media Type";
      case 416 -> "Range Not Satisfiable";
      case 417 -> "Expectation Failed";
      case 421 -> "Misdirected Request";
      case 422 -> "Unprocessable Content";
      case 423 -> "Locked";
      case 424 -> "Failed Dependency";
      case 425 -> "Too Early";
      case 426 -> "Upgrade Required";
      case 428 -> "Precondition Required";
      case 429 -> "Too Many Requests";
      case 431 -> "Request Header Fields Too Large";
      case 451 -> "Unavailable For Legal Reasons";
      case 500 -> "Internal Server Error";
      case 501 -> "Not Implemented";
      case 502 -> "Bad Gateway";
      case 503 -> "Service Unavailable";
      case 504 -> "Gateway Timeout";
      case 505 -> "HTTP Version Not Supported";
      case 507 -> "Insufficient Storage";
      case 511 -> "Network Authentication Required";
      default -> "";
    };
  }
}
