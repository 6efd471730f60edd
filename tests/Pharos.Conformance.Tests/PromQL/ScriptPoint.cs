using Pharos.Query.PromQL.Evaluation;

namespace Pharos.Conformance.Tests.PromQL;

/// <param name="StatesHint">The histogram's reset hint was written down, so it matters.</param>
internal readonly record struct ScriptPoint(Element Element, bool StatesHint = false);
