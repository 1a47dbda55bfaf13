package dev.anabranch.branch.storage;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * What Linux does with files and Java has no words for. Each call names the manual page or kernel
 * header that it follows; on a filesystem or system that lacks it, it fails with an {@link
 * IOException} or answers empty, as it says.
 */
@SuppressWarnings("restricted") // calling Linux is what this class is for
final class Linux {

  /** {@code linux/fs.h}: FICLONE, {@code _IOW(0x94, 9, int)}. */
  private static final long FICLONE = 0x40049409L;

  /** {@code linux/fs.h}: FS_IOC_FIEMAP, {@code _IOWR('f', 11, struct fiemap)}. */
  private static final long FIEMAP = 0xC020660BL;

  /** {@code linux/fs.h}: FS_IOC_FSGETXATTR, {@code _IOR('X', 31, struct fsxattr)}. */
  private static final long GET_ATTRIBUTES = 0x801C581FL;

  /** {@code linux/fs.h}: FS_IOC_FSSETXATTR, {@code _IOW('X', 32, struct fsxattr)}. */
  private static final long SET_ATTRIBUTES = 0x401C5820L;

  /** {@code linux/btrfs.h}: BTRFS_IOC_SNAP_DESTROY. */
  private static final long DESTROY_SUBVOLUME = 0x5000940FL;

  /** {@code linux/btrfs.h}: BTRFS_IOC_SNAP_CREATE_V2. */
  private static final long CREATE_SNAPSHOT = 0x50009417L;

  /** {@code linux/btrfs.h}: BTRFS_IOC_SUBVOL_CREATE_V2. */
  private static final long CREATE_SUBVOLUME = 0x50009418L;

  private static final int READ_ONLY = 0;
  private static final int WRITE_NEW = 0x1 | 0x40 | 0x80; // O_WRONLY | O_CREAT | O_EXCL
  private static final int OWNER_READS_AND_WRITES = 0600;

  // linux/stat.h
  private static final int EMPTY_PATH = 0x1000; // AT_EMPTY_PATH: the descriptor itself
  private static final int BASIC_STATUS = 0x7ff; // STATX_BASIC_STATS
  private static final int STATUS_BYTES = 256;
  private static final int STATUS_UID_AT = 20;
  private static final int STATUS_GID_AT = 24;
  private static final int STATUS_MODE_AT = 28;
  private static final int PERMISSIONS = 07777;

  private static final int FIEMAP_BYTES = 32;
  private static final int FIEMAP_LENGTH_AT = 8;
  private static final int FIEMAP_FLAGS_AT = 16;
  private static final int FIEMAP_MAPPED_AT = 20;
  private static final int FIEMAP_ROOM_AT = 24;
  private static final int WRITTEN_OUT_FIRST = 1; // FIEMAP_FLAG_SYNC

  private static final int EXTENTS_AT_ONCE = 256;
  private static final int EXTENT_BYTES = 56;
  private static final int EXTENT_LENGTH_AT = 16;
  private static final int EXTENT_FLAGS_AT = 40;
  private static final int LAST = 0x1; // FIEMAP_EXTENT_LAST
  private static final int SHARED = 0x2000; // FIEMAP_EXTENT_SHARED

  private static final int ATTRIBUTES_BYTES = 28;
  private static final int COW_EXTENT_SIZE_AT = 16;
  private static final int HAS_COW_EXTENT_SIZE = 0x10000;

  private static final int SUBVOLUME_ARGUMENT_BYTES = 4096;
  private static final int SUBVOLUME_NAME_AT = 8;
  private static final int SNAPSHOT_NAME_AT = 56;
  private static final int LONGEST_NAME_BYTES = 255;
  private static final int LONGEST_REASON_BYTES = 256;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final StructLayout CALL_STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      CALL_STATE.varHandle(MemoryLayout.PathElement.groupElement("errno"));
  private static final MethodHandle OPEN =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("open"),
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT),
          Linker.Option.captureCallState("errno"),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle CLOSE =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("close"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
  private static final MethodHandle SYNCFS =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("syncfs"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle IOCTL =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("ioctl"),
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.ADDRESS),
          Linker.Option.captureCallState("errno"),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle FCHOWN =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("fchown"),
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle FCHMOD =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("fchmod"),
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT, ValueLayout.JAVA_INT),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle STATX =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("statx"),
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.ADDRESS),
          Linker.Option.captureCallState("errno"));
  private static final MethodHandle STRERROR =
      LINKER.downcallHandle(
          LINKER.defaultLookup().findOrThrow("strerror"),
          FunctionDescriptor.of(ValueLayout.ADDRESS, ValueLayout.JAVA_INT));

  private Linux() {}

  /**
   * Makes a new file that shares every block with this one (ioctl_ficlone(2)), and that only its
   * owner, who is ourselves, can read and write.
   *
   * @throws IOException when the filesystem can't
   */
  static void reflink(Path source, Path target) throws IOException {
    try (Arena arena = Arena.ofConfined();
        Descriptor from = open(arena, source, READ_ONLY);
        Descriptor to = open(arena, target, WRITE_NEW)) {
      to.ioctl(FICLONE, MemorySegment.ofAddress(from.number()), "reflinking " + source + " to");
    }
  }

  /**
   * The same, with the owner and mode of the original.
   *
   * @throws IOException when the filesystem can't, or that owner may not be given files
   */
  static void reflinkAlike(Path source, Path target) throws IOException {
    try (Arena arena = Arena.ofConfined();
        Descriptor from = open(arena, source, READ_ONLY);
        Descriptor to = open(arena, target, WRITE_NEW)) {
      to.ioctl(FICLONE, MemorySegment.ofAddress(from.number()), "reflinking " + source + " to");
      MemorySegment status = from.status(arena);
      to.own(
          status.get(ValueLayout.JAVA_INT, STATUS_UID_AT),
          status.get(ValueLayout.JAVA_INT, STATUS_GID_AT));
      int mode = status.get(ValueLayout.JAVA_SHORT, STATUS_MODE_AT) & PERMISSIONS;
      if (mode != OWNER_READS_AND_WRITES) {
        to.allow(mode);
      }
    }
  }

  /**
   * In how many pieces a file lies on its disk (FIEMAP, {@code linux/fiemap.h}), once it is written
   * out; empty when the filesystem does not say.
   */
  static OptionalInt extents(Path file) {
    try (Arena arena = Arena.ofConfined();
        Descriptor descriptor = open(arena, file, READ_ONLY)) {
      MemorySegment map = arena.allocate(FIEMAP_BYTES, Long.BYTES);
      map.set(ValueLayout.JAVA_LONG, FIEMAP_LENGTH_AT, -1L); // to the end; no room for extents:
      map.set(ValueLayout.JAVA_INT, FIEMAP_FLAGS_AT, WRITTEN_OUT_FIRST);
      descriptor.ioctl(FIEMAP, map, "counting the extents of"); // so it counts and does not list
      return OptionalInt.of(map.get(ValueLayout.JAVA_INT, FIEMAP_MAPPED_AT));
    } catch (IOException e) {
      return OptionalInt.empty();
    }
  }

  /**
   * What of a file lies on blocks of its own, and what on shared ones (FIEMAP); empty when the
   * filesystem does not say, or the file is gone. What is not written out yet is its own.
   */
  static Optional<DiskUse> use(Path file) {
    try (Arena arena = Arena.ofConfined();
        Descriptor descriptor = open(arena, file, READ_ONLY)) {
      MemorySegment map =
          arena.allocate(FIEMAP_BYTES + (long) EXTENTS_AT_ONCE * EXTENT_BYTES, Long.BYTES);
      DiskUse use = DiskUse.NONE;
      long from = 0;
      while (true) {
        map.set(ValueLayout.JAVA_LONG, 0, from);
        map.set(ValueLayout.JAVA_LONG, FIEMAP_LENGTH_AT, Long.MAX_VALUE - from);
        map.set(ValueLayout.JAVA_INT, FIEMAP_ROOM_AT, EXTENTS_AT_ONCE);
        descriptor.ioctl(FIEMAP, map, "listing the extents of");
        int mapped = map.get(ValueLayout.JAVA_INT, FIEMAP_MAPPED_AT);
        boolean isLast = mapped == 0;
        for (int i = 0; i < mapped; i++) {
          MemorySegment extent = map.asSlice(FIEMAP_BYTES + (long) i * EXTENT_BYTES, EXTENT_BYTES);
          long length = extent.get(ValueLayout.JAVA_LONG, EXTENT_LENGTH_AT);
          int flags = extent.get(ValueLayout.JAVA_INT, EXTENT_FLAGS_AT);
          boolean isShared = (flags & SHARED) != 0;
          use = use.plus(new DiskUse(isShared ? 0 : length, isShared ? length : 0));
          from = extent.get(ValueLayout.JAVA_LONG, 0) + length;
          isLast |= (flags & LAST) != 0;
        }
        if (isLast) {
          return Optional.of(use);
        }
      }
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  /**
   * Sets by how much XFS allocates when a shared block is written to (xfs(5), {@code cowextsize});
   * what is made below a directory inherits it.
   *
   * @throws IOException when the filesystem has no such thing
   */
  static void setCowExtentSize(Path directory, int bytes) throws IOException {
    try (Arena arena = Arena.ofConfined();
        Descriptor descriptor = open(arena, directory, READ_ONLY)) {
      MemorySegment attributes = arena.allocate(ATTRIBUTES_BYTES, Integer.BYTES);
      descriptor.ioctl(GET_ATTRIBUTES, attributes, "reading the attributes of");
      int flags = attributes.get(ValueLayout.JAVA_INT, 0);
      attributes.set(ValueLayout.JAVA_INT, 0, flags | HAS_COW_EXTENT_SIZE);
      attributes.set(ValueLayout.JAVA_INT, COW_EXTENT_SIZE_AT, bytes);
      descriptor.ioctl(SET_ATTRIBUTES, attributes, "setting the attributes of");
    }
  }

  /** Writes everything of this path's filesystem to its disk: syncfs(2). */
  static void syncFilesystem(Path path) throws IOException {
    try (Arena arena = Arena.ofConfined();
        Descriptor descriptor = open(arena, path, READ_ONLY)) {
      MemorySegment state = arena.allocate(CALL_STATE);
      checked(
          "writing to its disk",
          path,
          state,
          () -> (int) SYNCFS.invokeExact(state, descriptor.number()));
    }
  }

  /** Makes an empty btrfs subvolume. */
  static void createSubvolume(Path target) throws IOException {
    try (Arena arena = Arena.ofConfined();
        Descriptor parent = open(arena, parentOf(target), READ_ONLY)) {
      parent.ioctl(CREATE_SUBVOLUME, snapshotArgument(arena, 0, target), "making a subvolume in");
    }
  }

  /** Makes a writable btrfs snapshot of a subvolume. */
  static void snapshot(Path source, Path target) throws IOException {
    try (Arena arena = Arena.ofConfined();
        Descriptor from = open(arena, source, READ_ONLY);
        Descriptor parent = open(arena, parentOf(target), READ_ONLY)) {
      parent.ioctl(
          CREATE_SNAPSHOT,
          snapshotArgument(arena, from.number(), target),
          "making a snapshot of " + source + " in");
    }
  }

  /** Removes a btrfs subvolume and all in it; by default a right of root's. */
  static void destroySubvolume(Path subvolume) throws IOException {
    try (Arena arena = Arena.ofConfined();
        Descriptor parent = open(arena, parentOf(subvolume), READ_ONLY)) {
      MemorySegment argument = arena.allocate(SUBVOLUME_ARGUMENT_BYTES, Long.BYTES);
      setName(argument, SUBVOLUME_NAME_AT, subvolume);
      parent.ioctl(DESTROY_SUBVOLUME, argument, "removing the subvolume " + subvolume + " from");
    }
  }

  /** What the system said, without what we were doing. */
  static String reason(IOException e) {
    String message = String.valueOf(e.getMessage());
    return message.substring(message.lastIndexOf(": ") + 1).strip();
  }

  private static MemorySegment snapshotArgument(Arena arena, int source, Path target)
      throws IOException {
    MemorySegment argument = arena.allocate(SUBVOLUME_ARGUMENT_BYTES, Long.BYTES);
    argument.set(ValueLayout.JAVA_LONG, 0, source);
    setName(argument, SNAPSHOT_NAME_AT, target);
    return argument;
  }

  private static void setName(MemorySegment argument, int offset, Path named) throws IOException {
    byte[] name = named.getFileName().toString().getBytes(StandardCharsets.UTF_8);
    if (name.length > LONGEST_NAME_BYTES) {
      throw new IOException(named + ": File name too long");
    }
    MemorySegment.copy(name, 0, argument, ValueLayout.JAVA_BYTE, offset, name.length);
  }

  private static Path parentOf(Path path) throws IOException {
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null) {
      throw new IOException(path + " has no parent");
    }
    return parent;
  }

  private static Descriptor open(Arena arena, Path path, int how) throws IOException {
    MemorySegment state = arena.allocate(CALL_STATE);
    MemorySegment name = arena.allocateFrom(path.toString());
    int number =
        checked(
            "opening",
            path,
            state,
            () -> (int) OPEN.invokeExact(state, name, how, OWNER_READS_AND_WRITES));
    return new Descriptor(number, path, state);
  }

  /** A call that answers with a negative number when it fails, and then says why in errno. */
  @FunctionalInterface
  private interface Call {
    int make() throws Throwable; // as a method handle does
  }

  /**
   * Makes a call.
   *
   * @param state where the call leaves errno
   * @return its answer, which is not negative
   * @throws IOException when it failed
   */
  private static int checked(String doing, Path path, MemorySegment state, Call call)
      throws IOException {
    int result;
    try {
      result = call.make();
    } catch (Throwable e) {
      throw new LinkageError(doing + " " + path, e);
    }
    if (result < 0) {
      throw failure(doing, path, (int) ERRNO.get(state, 0L));
    }
    return result;
  }

  private static IOException failure(String doing, Path path, int errno) {
    try {
      MemorySegment reason = (MemorySegment) STRERROR.invokeExact(errno);
      return new IOException(
          doing + " " + path + ": " + reason.reinterpret(LONGEST_REASON_BYTES).getString(0));
    } catch (Throwable e) {
      throw new LinkageError("calling strerror", e);
    }
  }

  /** An open file; close(2) can't lose anything here, so what it answers is not looked at. */
  private record Descriptor(int number, Path path, MemorySegment state) implements AutoCloseable {

    void ioctl(long request, MemorySegment argument, String doing) throws IOException {
      checked(doing, path, state, () -> (int) IOCTL.invokeExact(state, number, request, argument));
    }

    /** {@code struct statx} of the open file: statx(2). */
    MemorySegment status(Arena arena) throws IOException {
      MemorySegment status = arena.allocate(STATUS_BYTES, Long.BYTES);
      MemorySegment itself = arena.allocateFrom("");
      checked(
          "looking at",
          path,
          state,
          () -> (int) STATX.invokeExact(state, number, itself, EMPTY_PATH, BASIC_STATUS, status));
      return status;
    }

    void own(int uid, int gid) throws IOException {
      checked("handing over", path, state, () -> (int) FCHOWN.invokeExact(state, number, uid, gid));
    }

    void allow(int mode) throws IOException {
      checked(
          "setting the mode of", path, state, () -> (int) FCHMOD.invokeExact(state, number, mode));
    }

    @Override
    public void close() {
      try {
        int ignored = (int) CLOSE.invokeExact(number);
      } catch (Throwable e) {
        throw new LinkageError("calling close", e);
      }
    }
  }
}
