using System.Text.Json;

namespace Pharos.Collection.Discovery;

/// <summary>Reads a JSON target file.</summary>
internal static class JsonTargetFile
{
    /// <summary>A file beyond this is refused, not read.</summary>
    public const long MaxFileBytes = 64 << 20;

    public static TargetFileResult Read(string path)
    {
        try
        {
            return new FileInfo(path).Length > MaxFileBytes
                ? TargetFileResult.Failed($"{path}: larger than {MaxFileBytes} bytes")
                : TargetFileResult.Read(JsonTargetGroups.Parse(File.ReadAllBytes(path), $"{path}:"));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or FormatException)
        {
            return TargetFileResult.Failed($"{path}: {fault.Message}");
        }
    }
}
