using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Logging;

namespace Pharos.Collection.Scraping;

/// <summary>Appends failed scrapes to the files that jobs name, one line of JSON each.</summary>
/// <remarks>Thread-safe. A file is opened for each line, so that it may be moved away at any time.</remarks>
internal sealed class ScrapeFailureLog(TimeProvider time, ILogger logger)
{
    private readonly Lock _gate = new();
    private string? _reported;

    public void Write(string file, string jobName, string target, string error)
    {
        var line = Line(jobName, target, error);
        lock (_gate)
        {
            try
            {
                File.AppendAllText(file, line);
                _reported = null;
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                // Once until it works again: a full disk would otherwise fill the log as well.
                if (_reported != file)
                {
                    logger.LogError(e, "Failed scrapes cannot be written to {File}", file);
                    _reported = file;
                }
            }
        }
    }

    private string Line(string jobName, string target, string error)
    {
        using var bytes = new MemoryStream();
        using (var json = new Utf8JsonWriter(bytes))
        {
            json.WriteStartObject();
            json.WriteString("time", time.GetUtcNow());
            json.WriteString("level", "ERROR");
            json.WriteString("msg", error);
            json.WriteString("job_name", jobName);
            json.WriteString("target", target);
            json.WriteEndObject();
        }
        return Encoding.UTF8.GetString(bytes.ToArray()) + "\n";
    }
}
