using System.Globalization;
using System.Text.Json;
using Pharos.Storage.Text;
using Pharos.Storage.Traces;

namespace Pharos.Query.Traces.Adjusting;

/// <summary>Moves spans of another host into their parents, where the hosts' clocks seem to differ.</summary>
/// <param name="spans">All of one trace.</param>
/// <param name="maxDeltaNs">A larger difference is only told.</param>
internal sealed class ClockSkew(List<AdjustedSpan> spans, long maxDeltaNs)
{
    private readonly Dictionary<ulong, Node> _nodes = new(spans.Count);
    private readonly Dictionary<SpanResource, string> _hosts = new(ReferenceEqualityComparer.Instance);

    public void Correct()
    {
        foreach (var span in spans)
        {
            if (!_nodes.TryAdd(span.Span.SpanId, new Node(span, HostOf(span.Span.Resource))))
            {
                span.Warn("duplicate span IDs; skipping clock skew adjustment");
            }
        }
        var roots = new List<Node>();
        foreach (var node in _nodes.Values)
        {
            var parent = node.Adjusted.Span.ParentSpanId;
            if (parent == 0)
            {
                roots.Add(node);
            }
            else if (_nodes.TryGetValue(parent, out var above))
            {
                (above.Children ??= []).Add(node);
            }
            else
            {
                node.Adjusted.Warn(string.Create(
                    CultureInfo.InvariantCulture, $"parent span ID={parent:x16} is not in the trace; skipping clock skew adjustment"));
                roots.Add(node);
            }
        }
        foreach (var root in roots)
        {
            Walk(root);
        }
    }

    /// <summary>Without recursion: a trace may be as deep as it is large.</summary>
    private void Walk(Node root)
    {
        var open = new Stack<(Node Node, Node? Parent, string Host, long DeltaNs)>();
        open.Push((root, null, root.Host, 0));
        while (open.TryPop(out var next))
        {
            var (node, parent, host, delta) = next;
            if (parent is not null && (node.Host != host || node.Host.Length == 0))
            {
                (host, delta) = (node.Host, DeltaOf(node.Adjusted.Span, parent.Adjusted.Span));
            }
            Move(node.Adjusted, delta);
            foreach (var child in node.Children ?? [])
            {
                open.Push((child, node, host, delta));
            }
        }
    }

    /// <summary>How far a child is to be moved to lie within its parent.</summary>
    private static long DeltaOf(Span child, Span parent)
    {
        if (child.DurationNs > parent.DurationNs)
        {
            // It goes on behind its parent, or the parent did not wait: it can only be kept from beginning before it.
            return Math.Max(0, parent.StartNs - child.StartNs);
        }
        if (child.StartNs >= parent.StartNs && child.EndNs <= parent.EndNs)
        {
            return 0;
        }
        // The way there is taken to be as long as the way back.
        return parent.StartNs + ((parent.DurationNs - child.DurationNs) / 2) - child.StartNs;
    }

    private void Move(AdjustedSpan adjusted, long delta)
    {
        if (delta == 0)
        {
            return;
        }
        if (Math.Abs(delta) > maxDeltaNs)
        {
            adjusted.Warn(maxDeltaNs == 0
                ? $"clock skew adjustment disabled; not applying calculated delta of {GoDuration.FormatNs(delta)}"
                : $"max clock skew adjustment delta of {GoDuration.FormatNs(maxDeltaNs)} exceeded; not applying calculated delta of "
                    + GoDuration.FormatNs(delta));
            return;
        }
        var span = adjusted.Span;
        adjusted.Span = span with
        {
            StartNs = span.StartNs + delta,
            EndNs = span.EndNs + delta,
            Events = [.. span.Events.Select(happened => happened with { TimeNs = happened.TimeNs + delta })],
        };
        adjusted.Warn($"This span's timestamps were adjusted by {GoDuration.FormatNs(delta)}");
    }

    private string HostOf(SpanResource resource)
    {
        if (!_hosts.TryGetValue(resource, out var host))
        {
            _hosts[resource] = host = NameIn(resource);
        }
        return host;
    }

    private static string NameIn(SpanResource resource)
    {
        // The last is what Jaeger's own clients say.
        foreach (var key in (ReadOnlySpan<string>)["host.id", "host.ip", "host.name", "ip"])
        {
            foreach (var attribute in resource.Attributes)
            {
                if (attribute.Key == key)
                {
                    return attribute.Value.Kind == AttributeKind.Array ? FirstOf(attribute.Value.Text) : attribute.Value.ToString();
                }
            }
        }
        return "";
    }

    private static string FirstOf(string array)
    {
        try
        {
            using var document = JsonDocument.Parse(array);
            return document.RootElement.GetArrayLength() > 0 ? document.RootElement[0].ToString() : "";
        }
        catch (JsonException)
        {
            return array;
        }
    }

    private sealed class Node(AdjustedSpan adjusted, string host)
    {
        public AdjustedSpan Adjusted => adjusted;

        public string Host => host;

        public List<Node>? Children { get; set; }
    }
}
