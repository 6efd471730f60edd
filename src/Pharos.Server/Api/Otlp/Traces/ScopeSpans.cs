using Pharos.Storage.Traces;

namespace Pharos.Server.Api.Otlp.Traces;

/// <summary>Spans of one library in one process.</summary>
internal sealed record ScopeSpans(SpanScope Scope, List<Span> Spans);
