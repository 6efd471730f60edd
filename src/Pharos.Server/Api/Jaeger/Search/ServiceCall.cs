namespace Pharos.Server.Api.Jaeger.Search;

/// <summary>How often a service called another.</summary>
internal readonly record struct ServiceCall(string Parent, string Child, long Count);
