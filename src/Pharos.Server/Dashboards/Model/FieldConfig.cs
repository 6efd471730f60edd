namespace Pharos.Server.Dashboards.Model;

/// <summary>How values are drawn and written, with the defaults that Grafana applies where a file is silent.</summary>
public sealed record FieldConfig
{
    public string Unit { get; init; } = "";

    public int? Decimals { get; init; }

    public double? Min { get; init; }

    public double? Max { get; init; }

    public string AxisLabel { get; init; } = "";

    public bool AxisHidden { get; init; }

    /// <summary><c>line</c>, <c>bars</c> or <c>points</c>.</summary>
    public string DrawStyle { get; init; } = "line";

    public double LineWidth { get; init; } = 1;

    /// <summary>Percent.</summary>
    public double FillOpacity { get; init; }

    /// <summary><c>none</c>, <c>normal</c> or <c>percent</c>.</summary>
    public string Stacking { get; init; } = "none";

    /// <summary><c>auto</c>, <c>always</c> or <c>never</c>.</summary>
    public string ShowPoints { get; init; } = "auto";

    public bool SpanNulls { get; init; }

    /// <summary>A missing value counts as 0: what graph panels called "null as zero".</summary>
    public bool NullAsZero { get; init; }

    /// <summary><c>palette-classic</c>, <c>thresholds</c>, <c>fixed</c>, ...</summary>
    public string ColorMode { get; init; } = "palette-classic";

    public string FixedColor { get; init; } = "";

    public string NoValue { get; init; } = "";

    public Thresholds Thresholds { get; init; } = Thresholds.Default;

    /// <summary><c>off</c>, <c>line</c>, <c>area</c> or <c>line+area</c>.</summary>
    public string ThresholdsStyle { get; init; } = "off";

    public IReadOnlyList<ValueMapping> Mappings { get; init; } = [];

    public Legend Legend { get; init; } = new();

    public Tooltip Tooltip { get; init; } = new("single", "none");

    /// <summary>Stat: <c>area</c> or <c>none</c>.</summary>
    public string GraphMode { get; init; } = "area";

    public string TextMode { get; init; } = "auto";

    /// <summary>Stat: <c>value</c>, <c>background</c> or <c>none</c>.</summary>
    public string ColorModeStat { get; init; } = "value";

    /// <summary>The reducer that makes one value of a series.</summary>
    public string Reduce { get; init; } = "lastNotNull";

    /// <summary>Exceptions for fields of a name.</summary>
    public IReadOnlyList<FieldOverride> Overrides { get; init; } = [];
}
