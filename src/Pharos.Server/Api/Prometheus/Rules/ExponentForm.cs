using System.Globalization;

namespace Pharos.Server.Api.Prometheus.Rules;

/// <summary>A float as Go's verb <c>%e</c> with the shortest digits: <c>1.5e+00</c>.</summary>
internal static class ExponentForm
{
    public static string Write(double value)
    {
        if (double.IsNaN(value))
        {
            return "NaN";
        }
        if (double.IsInfinity(value))
        {
            return value > 0 ? "+Inf" : "-Inf";
        }
        // Seventeen digits at most, zeros at the end left out: "E16" would not be the shortest.
        var shortest = value.ToString("R", CultureInfo.InvariantCulture);
        var digits = shortest.Count(char.IsAsciiDigit);
        for (var precision = 0; precision <= Math.Max(digits, 17); precision++)
        {
            var text = value.ToString($"e{precision}", CultureInfo.InvariantCulture);
            if (double.Parse(text, CultureInfo.InvariantCulture).Equals(value))
            {
                return TwoDigitExponent(text);
            }
        }
        return TwoDigitExponent(value.ToString("e16", CultureInfo.InvariantCulture));
    }

    /// <summary>.NET writes three digits at least, Go two.</summary>
    private static string TwoDigitExponent(string text)
    {
        var e = text.IndexOf('e', StringComparison.Ordinal);
        var exponent = text[(e + 2)..].TrimStart('0').PadLeft(2, '0');
        return string.Concat(text.AsSpan(0, e + 2), exponent);
    }
}
