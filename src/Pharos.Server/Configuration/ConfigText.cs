namespace Pharos.Server.Configuration;

/// <summary>Reads a file's text, or says in one sentence why it cannot be read.</summary>
internal static class ConfigText
{
    /// <summary>The longest file that is read into memory.</summary>
    public const long MaxFileBytes = 64L * 1024 * 1024;

    private const int BufferBytes = 64 * 1024;

    public static bool TryRead(string path, out string text, out string error)
    {
        text = "";
        error = "";
        try
        {
            // A device says that it is empty and never ends: what counts is what comes.
            using var file = File.OpenRead(path);
            using var bytes = new MemoryStream();
            var buffer = new byte[BufferBytes];
            for (int read; (read = file.Read(buffer)) > 0; bytes.Write(buffer, 0, read))
            {
                if (bytes.Length + read > MaxFileBytes)
                {
                    error = $"the file is larger than {MaxFileBytes} bytes";
                    return false;
                }
            }
            bytes.Position = 0;
            using var reader = new StreamReader(bytes);
            text = reader.ReadToEnd();
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
