using System.Globalization;
using Pharos.Storage.Text;

namespace Pharos.Collection.Shipping.Stages;

/// <summary>Extracted values as text and as numbers, by Promtail's rules.</summary>
internal static class ExtractedValue
{
    /// <summary>Numbers without an exponent; null for what has no text.</summary>
    public static string? Text(object? value) => value switch
    {
        string text => text,
        bool flag => flag ? "true" : "false",
        double number => Plain(number),
        long number => number.ToString(CultureInfo.InvariantCulture),
        _ => null,
    };

    /// <summary>A number, a text that is one, true as 1; null otherwise.</summary>
    public static double? Number(object? value) => value switch
    {
        double number => number,
        long number => number,
        bool flag => flag ? 1 : 0,
        string text when GoFloat.TryParse(text, out var number) => number,
        _ => null,
    };

    private static string Plain(double number)
    {
        if (Math.Abs(number) < 1e15 && number == Math.Truncate(number))
        {
            return ((long)number).ToString(CultureInfo.InvariantCulture);
        }
        var shortest = number.ToString("R", CultureInfo.InvariantCulture);
        return shortest.Contains('E', StringComparison.Ordinal) && decimal.TryParse(shortest, NumberStyles.Float, CultureInfo.InvariantCulture, out var exact)
            ? exact.ToString(CultureInfo.InvariantCulture) : shortest;
    }
}
