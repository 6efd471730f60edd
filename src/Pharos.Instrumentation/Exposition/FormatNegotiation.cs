using System.Globalization;

namespace Pharos.Instrumentation.Exposition;

/// <summary>Chooses the format that a scraper likes best of those that are spoken here.</summary>
internal static class FormatNegotiation
{
    /// <summary>Bounds what is read of a header: more entries are not looked at.</summary>
    private const int MaxEntries = 32;

    public static string ContentType(ExpositionFormat format) => format switch
    {
        ExpositionFormat.OpenMetrics => "application/openmetrics-text; version=1.0.0; charset=utf-8",
        ExpositionFormat.Protobuf =>
            "application/vnd.google.protobuf; proto=io.prometheus.client.MetricFamily; encoding=delimited",
        _ => "text/plain; version=0.0.4; charset=utf-8",
    };

    /// <summary>The entry with the highest <c>q</c> wins, the first of equals; text where nothing fits.</summary>
    /// <param name="accept">As in <c>application/openmetrics-text;version=1.0.0;q=0.6,text/plain;version=0.0.4;q=0.5</c>.</param>
    public static ExpositionFormat Choose(ReadOnlySpan<char> accept)
    {
        var best = ExpositionFormat.Text;
        var bestQuality = 0d;
        var entries = 0;
        foreach (var range in accept.Split(','))
        {
            if (++entries > MaxEntries)
            {
                break;
            }
            if (Read(accept[range]) is var (format, quality) && quality > bestQuality)
            {
                (best, bestQuality) = (format, quality);
            }
        }
        return best;
    }

    private static (ExpositionFormat Format, double Quality)? Read(ReadOnlySpan<char> entry)
    {
        var quality = 1d;
        ReadOnlySpan<char> type = default, version = default, encoding = default, message = default;
        foreach (var range in entry.Split(';'))
        {
            var part = entry[range].Trim();
            if (type.IsEmpty)
            {
                type = part;
                continue;
            }
            var equals = part.IndexOf('=');
            var name = equals < 0 ? part : part[..equals].TrimEnd();
            var value = equals < 0 ? default : part[(equals + 1)..].Trim().Trim('"');
            if (name is "q" && !double.TryParse(value, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out quality))
            {
                return null;
            }
            version = name is "version" ? value : version;
            encoding = name is "encoding" ? value : encoding;
            message = name is "proto" ? value : message;
        }
        return type switch
        {
            "application/openmetrics-text" when version is "1.0.0" => (ExpositionFormat.OpenMetrics, quality),
            "application/vnd.google.protobuf" when encoding is "delimited" && message is "io.prometheus.client.MetricFamily" =>
                (ExpositionFormat.Protobuf, quality),
            "text/plain" when version is "" or "0.0.4" => (ExpositionFormat.Text, quality),
            "text/*" or "*/*" => (ExpositionFormat.Text, quality),
            _ => null,
        };
    }
}
