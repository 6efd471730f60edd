namespace Pharos.Conformance.Tests.Api;

/// <param name="Applies">Whether a pair of answers (Prometheus', Pharos') that are not alike differs for this reason.</param>
internal sealed record KnownApiDifference(string Name, string Reason, Func<ApiQuestion, ApiAnswer, ApiAnswer, bool> Applies);
