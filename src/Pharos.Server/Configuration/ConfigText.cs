namespace Pharos.Server.Configuration;

/// <summary>Reads a file's text, or says in one sentence why it cannot be read.</summary>
internal static class ConfigText
{
    /// <summary>The longest file that is read into memory.</summary>
    public const long MaxFileBytes = 64L * 1024 * 1024;

    public static bool TryRead(string path, out string text, out string error)
    {
        text = "";
        error = "";
        try
        {
            var file = new FileInfo(path);
            if (file.Exists && file.Length > MaxFileBytes)
            {
                error = $"the file is larger than {MaxFileBytes} bytes";
                return false;
            }
            text = File.ReadAllText(path);
            return true;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            error = "no such file";
        }
        catch (UnauthorizedAccessException)
        {
            error = Directory.Exists(path) ? "it is a folder" : "permission denied";
        }
        catch (Exception e) when (e is IOException or ArgumentException or NotSupportedException)
        {
            error = "the file cannot be read";
        }
        return false;
    }
}
