namespace Pharos.Server.Security;

/// <summary>Time and size of files at one moment: equal stamps mean that nothing has to be read again.</summary>
internal static class FileStamps
{
    public static string Of(params IEnumerable<string?> paths) => string.Join('|', paths.OfType<string>().Select(path =>
    {
        var file = new FileInfo(path);
        return file.Exists ? $"{file.LastWriteTimeUtc.Ticks}:{file.Length}" : "-";
    }));
}
