using System.Text;

namespace Pharos.Instrumentation.Exposition;

/// <summary>Names of instruments and attributes as Prometheus writes them, by OpenTelemetry's rules of compatibility:
/// <c>http.server.request.duration</c> in <c>s</c> is <c>http_server_request_duration_seconds</c>.</summary>
internal static class MetricName
{
    /// <summary>The metric's name; a counter's ends in <c>_total</c>. A name that already has its suffix keeps it.</summary>
    public static string Of(string name, string? unit, InstrumentKind kind)
    {
        var isCounter = kind is InstrumentKind.Counter or InstrumentKind.ObservedCounter;
        var plain = Sanitize(name, allowColon: true);
        var suffix = UnitWord(unit, isGauge: !isCounter && kind != InstrumentKind.Histogram);
        if (isCounter && plain.EndsWith("_total", StringComparison.Ordinal))
        {
            plain = plain[..^"_total".Length];
        }
        if (suffix.Length > 0 && !plain.EndsWith("_" + suffix, StringComparison.Ordinal) && plain != suffix)
        {
            plain = $"{plain}_{suffix}";
        }
        return isCounter ? plain + "_total" : plain;
    }

    /// <summary>Letters, digits and underscores; what else there is becomes one underscore.</summary>
    public static string Sanitize(string name, bool allowColon = false)
    {
        var text = new StringBuilder(name.Length + 1);
        foreach (var c in name)
        {
            if (char.IsAsciiLetterOrDigit(c) || c == '_' || (allowColon && c == ':'))
            {
                if (text.Length == 0 && char.IsAsciiDigit(c))
                {
                    text.Append('_');
                }
                text.Append(c);
            }
            else if (text.Length == 0 || text[^1] != '_')
            {
                text.Append('_');
            }
        }
        return text.Length == 0 ? "_" : text.ToString();
    }

    /// <summary>The unit's word in a name, or nothing.</summary>
    public static string UnitWord(string? unit, bool isGauge = false)
    {
        if (string.IsNullOrEmpty(unit) || unit.StartsWith('{'))
        {
            return "";
        }
        var slash = unit.IndexOf('/', StringComparison.Ordinal);
        if (slash >= 0)
        {
            var counted = UnitWord(unit[..slash]);
            var per = Word(unit[(slash + 1)..]);
            per = per.EndsWith('s') && per.Length > 1 ? per[..^1] : per;
            return counted.Length == 0 ? $"per_{per}" : $"{counted}_per_{per}";
        }
        return unit == "1" ? isGauge ? "ratio" : "" : Word(unit);
    }

    private static string Word(string unit) => unit switch
    {
        "d" => "days",
        "h" => "hours",
        "min" => "minutes",
        "s" => "seconds",
        "ms" => "milliseconds",
        "us" => "microseconds",
        "ns" => "nanoseconds",
        "By" => "bytes",
        "KiBy" => "kibibytes",
        "MiBy" => "mebibytes",
        "GiBy" => "gibibytes",
        "TiBy" => "tibibytes",
        "KBy" => "kilobytes",
        "MBy" => "megabytes",
        "GBy" => "gigabytes",
        "TBy" => "terabytes",
        "m" => "meters",
        "V" => "volts",
        "A" => "amperes",
        "J" => "joules",
        "W" => "watts",
        "g" => "grams",
        "Cel" => "celsius",
        "Hz" => "hertz",
        "%" => "percent",
        _ => Sanitize(unit).Trim('_'),
    };
}
