namespace Pharos.Query.PromQL.Functions;

/// <summary>A time of any year, in UTC, as Go counts it: the calendar repeats every 400 years.</summary>
/// <param name="InCycle">The time in years 1 to 400; month, day, weekday and clock are those of the real year.</param>
/// <param name="Cycle">How many cycles have passed since the first year that Go can count.</param>
internal readonly record struct CivilTime(DateTime InCycle, long Cycle)
{
    private const long FirstYear = -292_277_022_399;
    private const ulong SecondsBeforeUnix = 9_223_372_028_715_321_600;
    private const int DaysPerCycle = 146_097;
    private const int SecondsPerDay = 86_400;

    public long Year => FirstYear + (400 * Cycle) + InCycle.Year - 1;

    /// <summary>Counts whole seconds. What is not finite, or too large for 64 bits, is the time that Go makes of it on x86: the
    /// sum wraps around to a December of the year 292277026596.</summary>
    public static CivilTime Of(double unixSeconds)
    {
        var whole = unixSeconds is >= long.MinValue and < 9.2233720368547758e18 ? (long)unixSeconds : long.MinValue;
        var seconds = unchecked((ulong)whole + SecondsBeforeUnix);
        var days = (long)(seconds / SecondsPerDay);
        var time = new DateTime(1, 1, 1, 0, 0, 0, DateTimeKind.Utc)
            .AddDays(days % DaysPerCycle).AddSeconds(seconds % SecondsPerDay);
        return new CivilTime(time, days / DaysPerCycle);
    }
}
