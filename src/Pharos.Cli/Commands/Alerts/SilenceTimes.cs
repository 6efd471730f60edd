namespace Pharos.Cli.Commands.Alerts;

/// <summary>What amtool refuses about the time of a silence, in its words.</summary>
internal static class SilenceTimes
{
    /// <exception cref="FormatException">It is no duration, or none that lasts.</exception>
    public static TimeSpan Length(string text) => AmtoolSettings.ParseLength(text) is var length && length > TimeSpan.Zero ? length
        : throw new FormatException("silence duration must be greater than 0");

    /// <exception cref="FormatException">It ends before it starts.</exception>
    public static void Check(DateTimeOffset start, DateTimeOffset end)
    {
        if (start > end)
        {
            throw new FormatException("silence cannot start after it ends");
        }
    }
}
