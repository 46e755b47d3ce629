package dev.fairlead.conformance.fuzzing;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * An input in pieces, as a network may bring it. Where it is cut follows from the input alone, so
 * that what was found is found again.
 */
public final class Cuts {

  private static final int SINGLE = 3;

  private Cuts() {}

  /** In one piece. */
  public static List<byte[]> none(byte[] input) {
    return List.of(input);
  }

  /** Some ways to cut it: into single bytes, in two, and into many. */
  public static List<List<byte[]>> some(byte[] input) {
    Random random = new Random(Arrays.hashCode(input));
    List<List<byte[]>> ways = new ArrayList<>();
    ways.add(everyByte(input));
    for (int i = 0; i < SINGLE; i++) {
      int at = random.nextInt(input.length + 1);
      ways.add(List.of(part(input, 0, at), part(input, at, input.length)));
    }
    ways.add(pieces(input, random));
    return ways;
  }

  /** Into pieces of different lengths. */
  public static List<byte[]> many(byte[] input) {
    return pieces(input, new Random(Arrays.hashCode(input)));
  }

  private static List<byte[]> pieces(byte[] input, Random random) {
    List<byte[]> pieces = new ArrayList<>();
    for (int at = 0; at < input.length; ) {
      int end = Math.min(input.length, at + 1 + random.nextInt(1 + input.length / 3));
      pieces.add(part(input, at, end));
      at = end;
    }
    return pieces;
  }

  private static List<byte[]> everyByte(byte[] input) {
    List<byte[]> pieces = new ArrayList<>();
    for (int i = 0; i < input.length; i++) {
      pieces.add(part(input, i, i + 1));
    }
    return pieces;
  }

  private static byte[] part(byte[] input, int from, int to) {
    return Arrays.copyOfRange(input, from, to);
  }

  /** A piece in a buffer of its own, as a read brings it. */
  public static ByteBuf buffer(byte[] piece, ByteBufAllocator allocator) {
    return allocator.buffer(Math.max(1, piece.length)).writeBytes(piece);
  }
}
