using System.Runtime.InteropServices;

namespace Pharos.Storage.Files;

/// <summary>Makes the names in a folder durable: what rename and create did survives a power cut.</summary>
/// <remarks>.NET opens no folders, so this asks the C library. Windows needs and has no such call.</remarks>
internal static partial class DirectorySync
{
    // O_RDONLY of every Unix that .NET runs on.
    private const int ReadOnlyFlag = 0;

    public static void Sync(string path)
    {
        if (OperatingSystem.IsWindows())
        {
            return;
        }
        var descriptor = OpenDescriptor(path, ReadOnlyFlag);
        if (descriptor < 0)
        {
            throw new IOException($"cannot open folder {path} to sync it: error {Marshal.GetLastPInvokeError()}");
        }
        var result = SyncDescriptor(descriptor);
        var error = Marshal.GetLastPInvokeError();
        _ = CloseDescriptor(descriptor);
        if (result != 0)
        {
            throw new IOException($"cannot sync folder {path}: error {error}");
        }
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenDescriptor(string path, int flags);

    [LibraryImport("libc", EntryPoint = "fsync", SetLastError = true)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int SyncDescriptor(int descriptor);

    [LibraryImport("libc", EntryPoint = "close")]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int CloseDescriptor(int descriptor);
}
