namespace Pharos.Instrumentation.Tests;

/// <summary>Sources, meters and their listeners are the process's: tests beside each other would hear each other's.</summary>
internal static class OneAtATime
{
    public const string Name = "one at a time";
}
