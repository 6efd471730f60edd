using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Text;

namespace Pharos.Cli.Logging;

/// <summary>One log message as logfmt or JSON, with the keys that Prometheus' own log has.</summary>
internal static class LogLine
{
    private static readonly JsonWriterOptions JsonOptions = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Write(
        DateTimeOffset time, LogLevel level, string component, string message, string? error, bool json)
    {
        var fields = new List<KeyValuePair<string, string>>
        {
            new("time", time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture)),
            new("level", Name(level)),
            new("component", component),
            new("msg", message),
        };
        if (error is not null)
        {
            fields.Add(new("err", error));
        }
        return json ? Json(fields) : string.Join(' ', fields.Select(field => $"{field.Key}={Quoted(field.Value)}"));
    }

    private static string Name(LogLevel level) => level switch
    {
        LogLevel.Trace or LogLevel.Debug => "DEBUG",
        LogLevel.Information => "INFO",
        LogLevel.Warning => "WARN",
        _ => "ERROR",
    };

    private static string Quoted(string value) =>
        value.Length > 0 && value.All(c => c > ' ' && c < 0x7f && c is not '"' and not '=') ? value : GoQuote.Quote(value);

    private static string Json(List<KeyValuePair<string, string>> fields)
    {
        using var buffer = new MemoryStream();
        using (var writer = new Utf8JsonWriter(buffer, JsonOptions))
        {
            writer.WriteStartObject();
            foreach (var (name, value) in fields)
            {
                writer.WriteString(name, value);
            }
            writer.WriteEndObject();
        }
        return Encoding.UTF8.GetString(buffer.ToArray());
    }
}
