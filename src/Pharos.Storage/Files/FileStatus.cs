using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pharos.Storage.Files;

/// <summary>Which file it is, whatever its name, and how it stands.</summary>
/// <param name="Device">With <paramref name="Inode"/> unique among the files that exist; both are used again after a file is gone.</param>
/// <param name="ModifiedNs">Nanoseconds since 1970.</param>
/// <param name="Links">Names that the file has; 0 once it is deleted.</param>
/// <remarks>.NET does not tell inodes, so this asks the C library; its <c>statx</c> has one layout on every processor.</remarks>
public readonly partial record struct FileStatus(ulong Device, ulong Inode, long SizeBytes, long ModifiedNs, uint Links, bool IsFile)
{
    // linux/stat.h and linux/fcntl.h.
    private const int CurrentFolder = -100;
    private const int EmptyPath = 0x1000;
    private const uint BasicStatistics = 0x7ff;
    private const int KindMask = 0xF000;
    private const int RegularFile = 0x8000;
    private const int StatisticsBytes = 256;

    /// <summary>False where there is no such file, or it may not be looked at.</summary>
    public static bool TryRead(string path, out FileStatus status)
    {
        if (!OperatingSystem.IsLinux())
        {
            return TryReadPortable(path, out status);
        }
        Span<byte> buffer = stackalloc byte[StatisticsBytes];
        status = default;
        if (Ask(CurrentFolder, path, 0, BasicStatistics, ref MemoryMarshal.GetReference(buffer)) != 0)
        {
            return false;
        }
        status = Of(buffer);
        return true;
    }

    /// <exception cref="IOException">The system does not answer.</exception>
    public static FileStatus Read(SafeFileHandle handle, string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return TryReadPortable(path, out var portable) ? portable : default;
        }
        Span<byte> buffer = stackalloc byte[StatisticsBytes];
        var held = false;
        try
        {
            handle.DangerousAddRef(ref held);
            var descriptor = (int)handle.DangerousGetHandle();
            return Ask(descriptor, "", EmptyPath, BasicStatistics, ref MemoryMarshal.GetReference(buffer)) == 0 ? Of(buffer)
                : throw new IOException($"cannot look at {path}: error {Marshal.GetLastPInvokeError()}");
        }
        finally
        {
            if (held)
            {
                handle.DangerousRelease();
            }
        }
    }

    private static FileStatus Of(ReadOnlySpan<byte> statistics)
    {
        var device = ((ulong)MemoryMarshal.Read<uint>(statistics[136..]) << 32) | MemoryMarshal.Read<uint>(statistics[140..]);
        var modified = (MemoryMarshal.Read<long>(statistics[112..]) * 1_000_000_000) + MemoryMarshal.Read<uint>(statistics[120..]);
        return new FileStatus(device, MemoryMarshal.Read<ulong>(statistics[32..]), MemoryMarshal.Read<long>(statistics[40..]), modified,
            MemoryMarshal.Read<uint>(statistics[16..]), (MemoryMarshal.Read<ushort>(statistics[28..]) & KindMask) == RegularFile);
    }

    /// <summary>Where there are no inodes, the moment of its creation tells a file from the next of its name.</summary>
    private static bool TryReadPortable(string path, out FileStatus status)
    {
        var file = new FileInfo(path);
        status = default;
        if (!file.Exists)
        {
            return false;
        }
        var modified = (file.LastWriteTimeUtc - DateTime.UnixEpoch).Ticks * TimeSpan.NanosecondsPerTick;
        status = new FileStatus(1, (ulong)file.CreationTimeUtc.Ticks, file.Length, modified, 1, true);
        return true;
    }

    [LibraryImport("libc", EntryPoint = "statx", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int Ask(int folder, string path, int flags, uint mask, ref byte buffer);
}
