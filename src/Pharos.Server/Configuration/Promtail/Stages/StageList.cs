using Pharos.Collection.Shipping.Stages;
using Pharos.Server.Configuration.Yaml;

namespace Pharos.Server.Configuration.Promtail.Stages;

/// <summary>Reads <c>pipeline_stages</c>: a list of mappings with one key each.</summary>
internal sealed class StageList(TimeProvider time)
{
    /// <summary>How deep <c>match</c> may stand in <c>match</c>.</summary>
    private const int MaxDepth = 16;

    private int _depth;

    /// <summary>For stages that keep time from the moment on at which they are read.</summary>
    public TimeProvider Time { get; } = time;

    public IReadOnlyList<StageFactory> Read(YamlMappingReader owner, string key) => owner.Find(key) is { } list ? Read(list) : [];

    public IReadOnlyList<StageFactory> Read(YamlValue list)
    {
        if (++_depth > MaxDepth)
        {
            list.Error($"stages nest deeper than {MaxDepth}");
            return [];
        }
        var stages = new List<StageFactory>();
        foreach (var item in list.AsList())
        {
            if (item.AsMapping() is { } map && ReadOne(item, map) is { } stage)
            {
                stages.Add(stage);
            }
        }
        _depth--;
        return stages;
    }

    private StageFactory? ReadOne(YamlValue item, YamlMappingReader map)
    {
        if (item.Node is not YamlMapping { Entries.Count: 1 } node)
        {
            item.Error("pipeline stage must contain only one key");
            return null;
        }
        var name = node.Entries[0].Key.Text;
        var row = Array.Find(StageTable.All, row => row.Name == name);
        if (row.Read is null)
        {
            foreach (var known in StageTable.All)
            {
                map.FindEvenNull(known.Name);
            }
            map.Done();
            return null;
        }
        return row.Read(map.FindEvenNull(name)!, this);
    }
}
