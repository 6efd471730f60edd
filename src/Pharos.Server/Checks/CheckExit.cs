namespace Pharos.Server.Checks;

/// <summary>The exit codes of promtool's checks.</summary>
internal static class CheckExit
{
    public const int Success = 0;
    public const int Failure = 1;

    /// <summary>Nothing is wrong, and something is not as it should be.</summary>
    public const int Lint = 3;
}
