using Pharos.Query.Results;
using Pharos.Server.Dashboards.Model;

namespace Pharos.Server.Dashboards.Data;

/// <summary>One query's answer for a table: a sample per series.</summary>
internal sealed record RawTable(PanelQuery Query, IReadOnlyList<VectorSample> Samples);
