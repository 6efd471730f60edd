using System.Globalization;

namespace Pharos.Server.Dashboards.Data;

/// <summary>Writes values in Grafana's units. An unknown unit becomes a plain suffix, as Grafana has it.</summary>
internal static class Units
{
    private static readonly string[] Thousands = ["", " K", " Mil", " Bil", " Tri", " Quadr"];
    private static readonly string[] Decimal = ["", "k", "M", "G", "T", "P", "E"];
    private static readonly string[] Binary = ["", "Ki", "Mi", "Gi", "Ti", "Pi", "Ei"];

    public static string Format(double? value, string unit, int? decimals)
    {
        if (value is not { } known || double.IsNaN(known))
        {
            return double.IsNaN(value ?? 0) ? "NaN" : "";
        }
        if (double.IsInfinity(known))
        {
            return known > 0 ? "∞" : "-∞";
        }
        return unit switch
        {
            "" or "none" or "string" => Number(known, decimals),
            "short" or "sishort" => Scaled(known, 1000, Thousands, "", decimals),
            "percent" => Number(known, decimals) + "%",
            "percentunit" => Number(known * 100, decimals) + "%",
            "bytes" => Scaled(known, 1024, Binary, "B", decimals, " "),
            "decbytes" => Scaled(known, 1000, Decimal, "B", decimals, " "),
            "bits" => Scaled(known, 1024, Binary, "b", decimals, " "),
            "decbits" => Scaled(known, 1000, Decimal, "b", decimals, " "),
            "Bps" => Scaled(known, 1000, Decimal, "B/s", decimals, " "),
            "binBps" => Scaled(known, 1024, Binary, "B/s", decimals, " "),
            "bps" => Scaled(known, 1000, Decimal, "b/s", decimals, " "),
            "reqps" => Scaled(known, 1000, Decimal, "", decimals) + " req/s",
            "ops" => Scaled(known, 1000, Decimal, "", decimals) + " ops/s",
            "cps" => Scaled(known, 1000, Decimal, "", decimals) + " c/s",
            "wps" => Scaled(known, 1000, Decimal, "", decimals) + " wr/s",
            "rps" => Scaled(known, 1000, Decimal, "", decimals) + " rd/s",
            "s" => Seconds(known, decimals),
            "ms" => Seconds(known / 1e3, decimals),
            "µs" => Seconds(known / 1e6, decimals),
            "ns" => Seconds(known / 1e9, decimals),
            "bool_yes_no" => known == 0 ? "No" : "Yes",
            "bool" => known == 0 ? "False" : "True",
            "bool_on_off" => known == 0 ? "Off" : "On",
            "dateTimeAsIso" => DateTimeOffset.FromUnixTimeMilliseconds((long)known).ToString("yyyy-MM-dd HH:mm:ss"),
            _ => $"{Number(known, decimals)} {(unit.StartsWith("suffix:", StringComparison.Ordinal) ? unit[7..] : unit)}",
        };
    }

    private static string Seconds(double value, int? decimals)
    {
        var size = Math.Abs(value);
        return size switch
        {
            0 => "0 s",
            < 1e-6 => Number(value * 1e9, decimals) + " ns",
            < 1e-3 => Number(value * 1e6, decimals) + " µs",
            < 1 => Number(value * 1e3, decimals) + " ms",
            < 60 => Number(value, decimals) + " s",
            < 3600 => Number(value / 60, decimals) + " min",
            < 86400 => Number(value / 3600, decimals) + " hour",
            _ => Number(value / 86400, decimals) + " day",
        };
    }

    private static string Scaled(
        double value, double step, string[] prefixes, string unit, int? decimals, string between = "")
    {
        var at = 0;
        while (Math.Abs(value) >= step && at < prefixes.Length - 1)
        {
            value /= step;
            at++;
        }
        return $"{Number(value, decimals)}{between}{prefixes[at]}{unit}".TrimEnd();
    }

    /// <summary>With no decimals asked for: about three significant digits, zeros cut.</summary>
    private static string Number(double value, int? decimals)
    {
        if (decimals is { } wanted)
        {
            return value.ToString($"F{Math.Clamp(wanted, 0, 15)}", CultureInfo.InvariantCulture);
        }
        var size = Math.Abs(value);
        var digits = size == 0 || size >= 100 ? 0 : size >= 10 ? 1 : size >= 1 ? 2 : Math.Min(15, 2 - (int)Math.Floor(Math.Log10(size)));
        var text = value.ToString($"F{digits}", CultureInfo.InvariantCulture);
        return text.Contains('.', StringComparison.Ordinal) ? text.TrimEnd('0').TrimEnd('.') : text;
    }
}
