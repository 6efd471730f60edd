using Pharos.Collection.Shipping.Stages;
using Pharos.Collection.Shipping.Stages.Content;
using Pharos.Collection.Shipping.Stages.Parsing;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Promtail.Stages;

/// <summary>Every stage by its name in the file, with what reads its section.</summary>
internal static class StageTable
{
    public static readonly (string Name, Func<YamlValue, StageList, StageFactory?> Read)[] All =
    [
        ("cri", ParsingStages.ReadCri),
        ("decolorize", static (_, _) => static _ => new DecolorizeStage()),
        ("docker", static (_, _) => static _ => new DockerStage()),
        ("drop", FlowStages.ReadDrop),
        ("eventlogmessage", ParsingStages.ReadEventLogMessage),
        ("geoip", GeoIpSection.Read),
        ("json", ParsingStages.ReadJson),
        ("labelallow", LabelStages.ReadAllow),
        ("labeldrop", LabelStages.ReadDrop),
        ("labels", LabelStages.ReadLabels),
        ("limit", FlowStages.ReadLimit),
        ("logfmt", ParsingStages.ReadLogfmt),
        ("match", MatchSection.Read),
        ("metrics", MetricsSection.Read),
        ("multiline", FlowStages.ReadMultiline),
        ("non_indexed_labels", LabelStages.ReadMetadata),
        ("output", ContentStages.ReadOutput),
        ("pack", ContentStages.ReadPack),
        ("pipeline", FlowStages.ReadPipeline),
        ("regex", ParsingStages.ReadRegex),
        ("replace", ContentStages.ReadReplace),
        ("sampling", FlowStages.ReadSampling),
        ("static_labels", LabelStages.ReadStatic),
        ("structured_metadata", LabelStages.ReadMetadata),
        ("template", ContentStages.ReadTemplate),
        ("tenant", LabelStages.ReadTenant),
        ("timestamp", ContentStages.ReadTimestamp),
    ];
}
