using System.Collections.Concurrent;
using MeaiRouter.Attempts;
using MeaiRouter.Catalog;
using MeaiRouter.Fallback;
using Polly;

namespace MeaiRouter.Resilience;

/// <summary>Runs the calls of each attempt through the pipeline of its endpoint.</summary>
internal sealed class ResiliencePolicy(ResilienceOptions options) : IAttemptPolicy
{
    // By scope, the widest first, so that it stands outermost; the order of equals is that in which they were given.
    private readonly ResilienceRule[] _rules = [.. options.Rules.OrderBy(static rule => rule.Scope)];
    private readonly TimeProvider _time = options.TimeProvider;
    private readonly ConcurrentDictionary<(string Provider, string? Model, string? Tag), Lazy<ResiliencePipeline?>> _pipelines = new();

    public async ValueTask<T> ExecuteAsync<T>(
        RouteAttempt attempt, Func<CancellationToken, ValueTask<T>> makeCall, CancellationToken cancellationToken)
    {
        if (PipelineOf(attempt) is not { } pipeline)
            return await makeCall(cancellationToken).ConfigureAwait(false);

        try
        {
            return await pipeline.ExecuteAsync(static (call, token) => call(token), makeCall, cancellationToken).ConfigureAwait(false);
        }
        catch (ExecutionRejectedException exception)
        {
            throw PollyFailures.Read(exception, attempt.Provider, attempt.Endpoint?.Tag);
        }
    }

    public void Check(ModelCatalog catalog, IReadOnlyList<string> providers)
    {
        string[] endpoints = [.. catalog.Models.SelectMany(static model => model.Endpoints.Select(endpoint => NameOf(model.Id, endpoint.Tag)))];
        foreach (var rule in _rules)
        {
            var known = rule.Scope == ResilienceScope.Provider ? providers : endpoints;
            if (rule.Scope != ResilienceScope.All && !known.Contains(rule.Name, StringComparer.OrdinalIgnoreCase))
            {
                var kind = rule.Scope == ResilienceScope.Provider ? "provider" : "endpoint";
                throw new ArgumentException(
                    $"Resilience is set up for '{rule.Name}', which is no {kind} of the pipeline.{NearestNames.Hint(rule.Name, known)}");
            }
        }
    }

    internal static string NameOf(string model, string tag) => $"{model}@{tag}";

    private ResiliencePipeline? PipelineOf(RouteAttempt attempt)
    {
        var key = (attempt.Provider, attempt.Model?.Id, attempt.Endpoint?.Tag);
        if (!_pipelines.TryGetValue(key, out var pipeline))
            pipeline = _pipelines.GetOrAdd(key, key => new Lazy<ResiliencePipeline?>(() => Build(key.Provider, key.Item2, key.Item3)));
        return pipeline.Value;
    }

    private ResiliencePipeline? Build(string provider, string? model, string? tag)
    {
        var name = model is null || tag is null ? provider : NameOf(model, tag);
        var rules = _rules.Where(rule => rule.IsFor(provider, name)).ToList();
        if (rules.FindLast(static rule => !rule.Inherit) is { } narrowest)
            rules.RemoveAll(rule => rule.Scope < narrowest.Scope);
        if (rules.Count == 0)
            return null;

        var builder = new ResiliencePipelineBuilder { TimeProvider = _time, Name = name };
        foreach (var rule in rules)
            rule.Configure(builder);
        return builder.Build();
    }
}
