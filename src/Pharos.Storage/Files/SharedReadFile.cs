using System.ComponentModel;
using System.Runtime.InteropServices;
using Microsoft.Win32.SafeHandles;

namespace Pharos.Storage.Files;

/// <summary>Opens files of other programs for reading without a lock.</summary>
/// <remarks>.NET's own way takes an advisory lock on Unix, by which a .NET program that writes the file alone could not open it any more.</remarks>
public static partial class SharedReadFile
{
    // O_RDONLY, and O_CLOEXEC of Linux on x86 and Arm.
    private const int ReadOnly = 0;
    private const int CloseOnExec = 0x80000;
    private const int NoSuchFile = 2;

    /// <exception cref="FileNotFoundException">There is no such file.</exception>
    /// <exception cref="IOException">It cannot be opened.</exception>
    public static SafeFileHandle Open(string path)
    {
        if (!OperatingSystem.IsLinux())
        {
            return File.OpenHandle(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        }
        var descriptor = OpenDescriptor(path, ReadOnly | CloseOnExec);
        if (descriptor >= 0)
        {
            return new SafeFileHandle(descriptor, ownsHandle: true);
        }
        var error = Marshal.GetLastPInvokeError();
        throw error == NoSuchFile ? new FileNotFoundException($"{path}: no such file", path)
            : new IOException($"{path}: {new Win32Exception(error).Message}");
    }

    [LibraryImport("libc", EntryPoint = "open", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    [DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static partial int OpenDescriptor(string path, int flags);
}
