namespace Pharos.Server.Dashboards.Data;

/// <summary>Which step a panel's range query takes.</summary>
internal static class StepChoice
{
    /// <summary>Grafana's own upper bound of points for one query.</summary>
    private const int MaxPoints = 11_000;

    /// <summary>Upper bound (ms) of the exact step, and the step that it is rounded to.</summary>
    private static readonly (long Below, long StepMs)[] Rounded =
    [
        (15, 10), (35, 20), (75, 50), (150, 100), (350, 200), (750, 500), (1_500, 1_000), (3_500, 2_000), (7_500, 5_000),
        (12_500, 10_000), (17_500, 15_000), (25_000, 20_000), (45_000, 30_000), (90_000, 60_000), (210_000, 120_000),
        (450_000, 300_000), (750_000, 600_000), (1_050_000, 900_000), (1_500_000, 1_200_000), (2_700_000, 1_800_000),
        (5_400_000, 3_600_000), (9_000_000, 7_200_000), (16_200_000, 10_800_000), (32_400_000, 21_600_000),
        (86_400_000, 43_200_000), (604_800_000, 86_400_000),
    ];

    /// <param name="minStepMs">The target's own minimum, or that of the data: its scrape interval.</param>
    public static long Choose(long rangeMs, int widthPixels, long minStepMs, int intervalFactor)
    {
        var exact = rangeMs / Math.Max(1, widthPixels);
        var step = Rounded.FirstOrDefault(entry => exact < entry.Below).StepMs;
        step = step == 0 ? 604_800_000 : step;
        return Math.Max(Math.Max(step, minStepMs), rangeMs / MaxPoints) * intervalFactor;
    }
}
