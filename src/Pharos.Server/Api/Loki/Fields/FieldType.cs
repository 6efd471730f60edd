using System.Globalization;
using Pharos.Storage.Text;

namespace Pharos.Server.Api.Loki.Fields;

/// <summary>What a field's values are, by one of them: Loki's names.</summary>
internal static class FieldType
{
    public static string Of(string value)
    {
        if (long.TryParse(value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out _))
        {
            return "int";
        }
        if (double.TryParse(value, NumberStyles.Float, CultureInfo.InvariantCulture, out _))
        {
            return "float";
        }
        if (value is "true" or "false")
        {
            return "boolean";
        }
        return GoDuration.TryParse(value, out _) ? "duration" : IsBytes(value) ? "bytes" : "string";
    }

    private static bool IsBytes(string value)
    {
        var digits = value.AsSpan().IndexOfAnyExcept("0123456789.");
        return digits > 0 && value[digits..].Trim().ToUpperInvariant() is
            "B" or "KB" or "MB" or "GB" or "TB" or "PB" or "KIB" or "MIB" or "GIB" or "TIB" or "PIB";
    }
}
