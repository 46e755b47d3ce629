package dev.fairlead.proxy.transport;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.unix.RawUnixChannelOption;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps new clients away from a socket that still listens. To close one is a race that the server
 * can't win: whoever has connected as far as it knows, and was not accepted yet, gets a reset. So
 * the system first drops what begins a connection (SYN), by a filter of the socket's own
 * (SO_ATTACH_FILTER, which needs no privilege); those who have begun are accepted meanwhile. Who
 * was dropped begins again after a second (RFC 6298 §2.1), and is refused then.
 */
public final class NewClients {

  private static final Logger LOG = LoggerFactory.getLogger(NewClients.class);

  /** In {@code asm-generic/socket.h}, as of x86-64 and arm64. */
  private static final int SOL_SOCKET = 1;

  private static final int SO_ATTACH_FILTER = 26;

  /** Of a {@code struct sock_fprog}: a count, and a pointer to the instructions. */
  private static final int PROGRAM_BYTES = 16;

  private static final int POINTER_AT = 8;

  /** Of a {@code struct sock_filter}: 16 bits of code, two jumps of 8 bits, an operand of 32. */
  private static final int INSTRUCTION_BYTES = 8;

  private static final RawUnixChannelOption FILTER =
      new RawUnixChannelOption("SO_ATTACH_FILTER", SOL_SOCKET, SO_ATTACH_FILTER, PROGRAM_BYTES);

  private record Instruction(int code, int ifTrue, int ifFalse, int operand) {}

  /** The flags are the 14th byte of a TCP header (RFC 9293 §3.1); SYN is 2, ACK 16. */
  private static final Instruction[] PROGRAM = {
    new Instruction(0x30, 0, 0, 13), // load the byte
    new Instruction(0x54, 0, 0, 0x12), // and SYN|ACK
    new Instruction(0x15, 0, 1, 0x02), // SYN alone?
    new Instruction(0x06, 0, 0, 0), // take nothing of it
    new Instruction(0x06, 0, 0, -1), // take all of it
  };

  private NewClients() {}

  /**
   * Drops what begins a connection from now on. Where the system can't do that, nothing changes.
   * From any thread.
   */
  public static void keepAway(Channel listening) {
    if (!(listening instanceof EpollServerSocketChannel)) {
      return;
    }
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment instructions = instructions(arena);
      ByteBuffer program = ByteBuffer.allocate(PROGRAM_BYTES).order(ByteOrder.nativeOrder());
      program.putShort(0, (short) PROGRAM.length).putLong(POINTER_AT, instructions.address());
      listening.config().setOption(FILTER, program);
    } catch (ChannelException notHere) {
      LOG.debug("new clients can't be kept away from a port that is about to close", notHere);
    }
  }

  private static MemorySegment instructions(Arena arena) {
    MemorySegment all =
        arena.allocate((long) PROGRAM.length * INSTRUCTION_BYTES, INSTRUCTION_BYTES);
    for (int i = 0; i < PROGRAM.length; i++) {
      long at = (long) i * INSTRUCTION_BYTES;
      all.set(ValueLayout.JAVA_SHORT, at, (short) PROGRAM[i].code());
      all.set(ValueLayout.JAVA_BYTE, at + 2, (byte) PROGRAM[i].ifTrue());
      all.set(ValueLayout.JAVA_BYTE, at + 3, (byte) PROGRAM[i].ifFalse());
      all.set(ValueLayout.JAVA_INT, at + 4, PROGRAM[i].operand());
    }
    return all;
  }
}
