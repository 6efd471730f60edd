using System.Globalization;
using System.Text.RegularExpressions;
using Pharos.Server.Dashboards.Model;

namespace Pharos.Server.Dashboards.Data;

/// <summary>Text and colour of one field's values: overrides first, then mappings, then unit and thresholds.</summary>
internal sealed class FieldDisplay
{
    private static readonly TimeSpan RegexTimeout = TimeSpan.FromMilliseconds(100);

    private readonly FieldConfig _config;
    private readonly FieldOverride? _override;

    public FieldDisplay(FieldConfig config, string fieldName)
    {
        _config = config;
        _override = config.Overrides.LastOrDefault(candidate => Matches(candidate, fieldName));
        Name = _override?.DisplayName ?? fieldName;
    }

    public string Name { get; }

    public string Unit => _override?.Unit ?? _config.Unit;

    public int? Decimals => _override?.Decimals ?? _config.Decimals;

    public string? FixedColor => _override?.Color ?? (_config.ColorMode == "fixed" ? _config.FixedColor : null);

    public (string Text, string? Color) Of(double? value)
    {
        var mapping = _config.Mappings.FirstOrDefault(candidate => Applies(candidate, value));
        var text = mapping?.Text ?? (value is null && _config.NoValue.Length > 0 ? _config.NoValue : Units.Format(value, Unit, Decimals));
        var color = mapping?.Color ?? FixedColor ?? (_config.ColorMode == "thresholds"
            ? _config.Thresholds.ColorOf(value, _config.Min, _config.Max) : null);
        return (text, color);
    }

    private static bool Applies(ValueMapping mapping, double? value)
    {
        if (mapping.Value is not null)
        {
            return value is { } known && double.TryParse(mapping.Value, CultureInfo.InvariantCulture, out var mapped)
                && known == mapped;
        }
        if (mapping.Range is { } range)
        {
            return value >= (range.From ?? double.NegativeInfinity) && value <= (range.To ?? double.PositiveInfinity);
        }
        return mapping.Special switch
        {
            "null" => value is null,
            "nan" => value is { } known && double.IsNaN(known),
            "null+nan" => value is null || double.IsNaN(value.Value),
            "true" => value == 1,
            "false" => value == 0,
            _ => false,
        };
    }

    private static bool Matches(FieldOverride candidate, string name)
    {
        if (!candidate.IsRegex)
        {
            return candidate.Name == name;
        }
        try
        {
            return Regex.IsMatch(name, candidate.Name.Trim('/'), RegexOptions.None, RegexTimeout);
        }
        catch (Exception e) when (e is ArgumentException or RegexMatchTimeoutException)
        {
            return false;
        }
    }
}
