using System.Globalization;
using MeaiRouter.Catalog;
using MeaiRouter.Health;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace MeaiRouter.HealthChecks;

/// <summary>Whether there is an endpoint for every model, judged by the calls that were made anyway. Nobody is called.</summary>
internal sealed class RouterHealthCheck(IServiceProvider services, object? serviceKey) : IHealthCheck
{
    // Enough to act on. A provider of hundreds of models that is down must not make a description nobody reads.
    private const int MostNamed = 10;

    public Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        var client = serviceKey is null ? services.GetRequiredService<IChatClient>() : services.GetRequiredKeyedService<IChatClient>(serviceKey);
        var live = services.GetKeyedService<LiveCatalog>(serviceKey);
        if (client.GetService(typeof(RouterChatClient)) is not RouterChatClient router || live is null)
        {
            return Task.FromResult(new HealthCheckResult(
                context.Registration.FailureStatus, "There is no router to check. Call AddMeaiRouter on the services, under the same key as here."));
        }

        var now = (services.GetService<TimeProvider>() ?? TimeProvider.System).GetUtcNow();
        return Task.FromResult(Judge(Look(router, live.Current.Catalog), live.LastError ?? router.CatalogError, now, context.Registration.FailureStatus));
    }

    private static Findings Look(RouterChatClient router, ModelCatalog catalog)
    {
        var findings = new Findings();
        foreach (var model in catalog.Models)
        {
            var resting = 0;
            foreach (var endpoint in model.Endpoints)
            {
                findings.Endpoints++;
                if (router.HealthOf(model, endpoint).Rest is not { } rest)
                    continue;
                resting++;
                findings.Resting.Add((model.Id, endpoint, rest));
            }

            findings.Models++;
            if (resting == model.Endpoints.Count)
                findings.RestingModels.Add(model.Id);
        }

        return findings;
    }

    private static HealthCheckResult Judge(Findings found, string? catalogError, DateTimeOffset now, HealthStatus failureStatus)
    {
        var data = new Dictionary<string, object>(StringComparer.Ordinal)
        {
            ["models"] = found.Models,
            ["models_resting"] = found.RestingModels.Count,
            ["endpoints"] = found.Endpoints,
            ["endpoints_resting"] = found.Resting.Count,
        };
        foreach (var (model, endpoint, rest) in found.Resting)
            data[$"{model} at {endpoint}"] = Sentence(rest, now);
        if (catalogError is not null)
            data["configuration"] = catalogError;

        if (found.RestingModels.Count == found.Models)
        {
            return new HealthCheckResult(
                failureStatus, $"No model can be called: all {found.Endpoints} endpoints of all {found.Models} models are resting. {Named(found, now)}", data: data);
        }

        if (found.Resting.Count > 0)
        {
            var models = found.RestingModels.Count == 0 ? "Every model can be called" : $"{found.Models - found.RestingModels.Count} of {found.Models} models can be called";
            var error = catalogError is null ? "" : $" {CatalogSentence(catalogError)}";
            return HealthCheckResult.Degraded($"{models}; {found.Resting.Count} of {found.Endpoints} endpoints are resting. {Named(found, now)}{error}", data: data);
        }

        return catalogError is null
            ? HealthCheckResult.Healthy($"Every one of {found.Models} models can be called.", data)
            : HealthCheckResult.Degraded($"Every one of {found.Models} models can be called. {CatalogSentence(catalogError)}", data: data);
    }

    private static string CatalogSentence(string error) => $"The newest configuration or catalogue cannot be used, and the one before stays in force: {error}";

    private static string Named(Findings found, DateTimeOffset now)
    {
        var named = found.Resting.Take(MostNamed).Select(entry => $"{entry.Model} at {entry.Endpoint}: {Sentence(entry.Pause, now)}.");
        var rest = found.Resting.Count - MostNamed;
        return string.Join(" ", rest > 0 ? named.Append($"And {rest} more.") : named);
    }

    // Whole seconds: a check that runs twice within one says the same twice.
    private static string Sentence(EndpointRest rest, DateTimeOffset now)
    {
        var status = rest.Status is { } code ? string.Create(CultureInfo.InvariantCulture, $" (HTTP {code})") : "";
        return string.Create(CultureInfo.InvariantCulture, $"{rest.Why}{status}, resting since {now - rest.For:yyyy-MM-ddTHH:mm:ssZ}, due in {Math.Ceiling(rest.AvailableIn.TotalSeconds)} s");
    }

    private sealed class Findings
    {
        public int Models { get; set; }

        public int Endpoints { get; set; }

        public List<string> RestingModels { get; } = [];

        public List<(string Model, ModelEndpoint Endpoint, EndpointRest Pause)> Resting { get; } = [];
    }
}
