namespace Pharos.Server.Dashboards.Model;

/// <summary>Colours by value; <see cref="Steps"/> rise, the first has no value and means minus infinity.</summary>
/// <param name="Mode"><c>absolute</c> or <c>percentage</c> of the range from min to max.</param>
public sealed record Thresholds(string Mode, IReadOnlyList<ThresholdStep> Steps)
{
    public static readonly Thresholds Default = new("absolute", [new(null, "#73BF69"), new(80, "#F2495C")]);

    /// <summary>The colour of the highest step that the value reaches.</summary>
    public string ColorOf(double? value, double? min, double? max)
    {
        var color = Steps.Count > 0 ? Steps[0].Color : "#73BF69";
        if (value is not { } known)
        {
            return color;
        }
        if (Mode == "percentage")
        {
            known = (known - (min ?? 0)) / ((max ?? 100) - (min ?? 0)) * 100;
        }
        foreach (var step in Steps)
        {
            if (step.Value is null || known >= step.Value)
            {
                color = step.Color;
            }
        }
        return color;
    }
}
