using System.Buffers.Text;
using System.Globalization;
using System.Text.Json;
using Pharos.Storage.Model;
using Pharos.Storage.Text;

namespace Pharos.Server.Api;

/// <summary>How the peers write times, values and label sets into JSON.</summary>
internal static class JsonForms
{
    /// <summary>Go's zero time: what a peer prints for "never".</summary>
    public const string Never = "0001-01-01T00:00:00Z";

    /// <summary>RFC 3339 in UTC with as many decimals as are needed, as Go's <c>time.RFC3339Nano</c>.</summary>
    public static string Rfc3339(DateTimeOffset time) => time.UtcDateTime.ToString(
        "yyyy-MM-dd'T'HH:mm:ss.FFFFFFF'Z'", CultureInfo.InvariantCulture);

    public static string Rfc3339(DateTimeOffset? time) => time is { } value ? Rfc3339(value) : Never;

    /// <summary>RFC 3339 in UTC with exactly three decimals, as Alertmanager's API.</summary>
    public static string Rfc3339Milliseconds(DateTimeOffset time) => time.UtcDateTime.ToString(
        "yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    /// <summary>Seconds since the epoch; whole where there are no milliseconds, else with exactly three decimals.</summary>
    public static void WriteTimestamp(Utf8JsonWriter json, long timestampMs)
    {
        Span<byte> text = stackalloc byte[32];
        json.WriteRawValue(text[..FormatTimestamp(timestampMs, text)], skipInputValidation: true);
    }

    /// <summary>The same as bytes.</summary>
    /// <param name="text">Room for 24 bytes.</param>
    /// <returns>How many there are.</returns>
    public static int FormatTimestamp(long timestampMs, Span<byte> text)
    {
        var length = 0;
        var magnitude = timestampMs;
        if (timestampMs < 0)
        {
            text[length++] = (byte)'-';
            magnitude = -timestampMs;
        }
        Utf8Formatter.TryFormat(magnitude / 1000, text[length..], out var written);
        length += written;
        var fraction = magnitude % 1000;
        if (fraction != 0)
        {
            text[length++] = (byte)'.';
            Utf8Formatter.TryFormat(fraction, text[length..], out written, new System.Buffers.StandardFormat('D', 3));
            length += written;
        }
        return length;
    }

    /// <summary>Seconds since the epoch with as many decimals as they need.</summary>
    public static void WriteSeconds(Utf8JsonWriter json, long timestampMs) =>
        json.WriteRawValue(GoFloat.FormatF(timestampMs / 1000d), skipInputValidation: true);

    /// <summary>One point: <c>[timestamp, "value"]</c>.</summary>
    public static void WritePoint(Utf8JsonWriter json, long timestampMs, double value)
    {
        json.WriteStartArray();
        WriteTimestamp(json, timestampMs);
        Span<byte> text = stackalloc byte[JsonNumber.MaxBytes];
        json.WriteStringValue(text[..JsonNumber.Write(value, text)]);
        json.WriteEndArray();
    }

    public static void WriteLabels(Utf8JsonWriter json, LabelSet labels)
    {
        json.WriteStartObject();
        foreach (var label in labels.Span)
        {
            json.WriteString(label.Name, label.Value);
        }
        json.WriteEndObject();
    }

    public static void WriteLabels(Utf8JsonWriter json, string property, LabelSet labels)
    {
        json.WritePropertyName(property);
        WriteLabels(json, labels);
    }

    public static void WriteStrings(Utf8JsonWriter json, IEnumerable<string> values)
    {
        json.WriteStartArray();
        foreach (var value in values)
        {
            json.WriteStringValue(value);
        }
        json.WriteEndArray();
    }

    public static void WriteStrings(Utf8JsonWriter json, string property, IEnumerable<string> values)
    {
        json.WritePropertyName(property);
        WriteStrings(json, values);
    }
}
