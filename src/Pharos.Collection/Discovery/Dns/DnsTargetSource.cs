using System.Globalization;
using DnsClient;
using DnsClient.Protocol;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Dns;

/// <summary>Makes one group of each name. A name that cannot be looked up keeps the targets that it last had.</summary>
internal sealed class DnsTargetSource(DnsDiscoveryOptions options, DiscoveryContext context) : ITargetSource
{
    private readonly TargetGroup?[] _known = new TargetGroup?[options.Names.Count];

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        var resolver = new DnsResolver(options.Resolver(), context.Metrics, context.Logger);
        await Task.WhenAll(options.Names.Select((name, i) => RefreshAsync(resolver, name, i, cancellation))).ConfigureAwait(false);
        return [.. _known.OfType<TargetGroup>()];
    }

    public void Dispose()
    {
        // Every lookup has its own client.
    }

    private async Task RefreshAsync(DnsResolver resolver, string name, int index, CancellationToken cancellation)
    {
        try
        {
            var answer = await resolver.LookUpAsync(name, QueryOf(options.Type), cancellation).ConfigureAwait(false);
            _known[index] = new TargetGroup(name,
                [.. (answer?.Answers ?? []).Select(record => Target(name, record)).OfType<LabelSet>()], LabelSet.Empty);
        }
        catch (DnsResponseException e) when (!cancellation.IsCancellationRequested)
        {
            context.Logger.LogError("Job {Job}: error refreshing DNS targets: {Reason}", context.Job, e.Message);
        }
    }

    private static QueryType QueryOf(DnsRecordType type) => type switch
    {
        DnsRecordType.A => QueryType.A,
        DnsRecordType.Aaaa => QueryType.AAAA,
        DnsRecordType.Mx => QueryType.MX,
        DnsRecordType.Ns => QueryType.NS,
        _ => QueryType.SRV,
    };

    /// <summary>Null for records that lead elsewhere, as CNAME does: what they lead to is in the same answer.</summary>
    private LabelSet? Target(string name, DnsResourceRecord record)
    {
        var labels = new LabelSetBuilder().Set("__meta_dns_name", name);
        switch (record)
        {
            case SrvRecord srv:
                labels.Set("__meta_dns_srv_record_target", srv.Target.Value)
                    .Set("__meta_dns_srv_record_port", srv.Port.ToString(CultureInfo.InvariantCulture))
                    .SetAddress(srv.Target.Value.TrimEnd('.'), srv.Port);
                break;
            case MxRecord mx:
                labels.Set("__meta_dns_mx_record_target", mx.Exchange.Value)
                    .SetAddress(mx.Exchange.Value.TrimEnd('.'), options.Port);
                break;
            case NsRecord ns:
                labels.Set("__meta_dns_ns_record_target", ns.NSDName.Value)
                    .SetAddress(ns.NSDName.Value.TrimEnd('.'), options.Port);
                break;
            case AddressRecord address:
                labels.SetAddress(address.Address.ToString(), options.Port);
                break;
            default:
                return null;
        }
        return labels.Build();
    }
}
