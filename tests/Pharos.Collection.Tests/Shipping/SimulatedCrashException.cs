namespace Pharos.Collection.Tests.Shipping;

/// <summary>The process ends here.</summary>
internal sealed class SimulatedCrashException : Exception;
