using System.Globalization;
using System.Xml.Linq;
using Microsoft.Extensions.Logging;
using Pharos.Storage.Model;

namespace Pharos.Collection.Discovery.Aws;

/// <summary>Lists a region's instances with the ids of its availability zones.</summary>
internal sealed class Ec2TargetSource(Ec2DiscoveryOptions options, DiscoveryContext context) : ITargetSource
{
    private readonly Ec2Api _api = new(options.Http);

    /// <summary>Ids by name; null until the zones could be listed. They do not change.</summary>
    private Dictionary<string, string>? _zones;

    public async Task<IReadOnlyList<TargetGroup>> FindAsync(CancellationToken cancellation)
    {
        var region = await options.Access.Region(cancellation).ConfigureAwait(false);
        var endpoint = options.Access.Endpoint ?? options.Access.EndpointOf(region);
        _zones ??= await ZonesAsync(endpoint, cancellation).ConfigureAwait(false);
        var reservations = await _api.ListAsync(
            endpoint, "DescribeInstances", "reservationSet", Filters(), cancellation).ConfigureAwait(false);
        var targets = reservations.SelectMany(reservation => reservation.Elements("instancesSet").Elements("item")
            .Where(instance => instance.Element("privateIpAddress") is not null)
            .Select(instance => Ec2Labels.Of(instance, reservation.Element("ownerId")?.Value ?? "", region, options.Port, _zones)));
        return [new TargetGroup(region, [.. targets], LabelSet.Empty)];
    }

    public void Dispose() => _api.Dispose();

    /// <summary>A role may see instances without seeing zones; then their ids are left out.</summary>
    private async Task<Dictionary<string, string>?> ZonesAsync(Uri endpoint, CancellationToken cancellation)
    {
        try
        {
            var zones = await _api.ListAsync(endpoint, "DescribeAvailabilityZones", "availabilityZoneInfo", [], cancellation).ConfigureAwait(false);
            return zones.DistinctBy(zone => zone.Element("zoneName")?.Value).ToDictionary(
                zone => zone.Element("zoneName")?.Value ?? "", zone => zone.Element("zoneId")?.Value ?? "", StringComparer.Ordinal);
        }
        catch (HttpRequestException fault) when (fault.StatusCode is not null)
        {
            context.Logger.LogDebug("Job {Job}: unable to describe availability zones: {Reason}", context.Job, fault.Message);
            return null;
        }
    }

    private IEnumerable<KeyValuePair<string, string>> Filters()
    {
        for (var i = 0; i < options.Filters.Count; i++)
        {
            var prefix = string.Create(CultureInfo.InvariantCulture, $"Filter.{i + 1}.");
            yield return new($"{prefix}Name", options.Filters[i].Name);
            for (var j = 0; j < options.Filters[i].Values.Count; j++)
            {
                yield return new(string.Create(CultureInfo.InvariantCulture, $"{prefix}Value.{j + 1}"), options.Filters[i].Values[j]);
            }
        }
    }
}
