using System.Diagnostics;

namespace MeaiRouter.Diagnostics;

/// <summary>Tells a provider the span of the attempt that calls it, also where nobody traces HTTP itself.</summary>
/// <remarks>
/// Within a trace, <see cref="HttpClient"/> makes an activity of its own for each request and sends that one's id, even if no listener will ever export it;
/// what the provider then exports hangs from a span that does not exist. This sends the id of the span around it instead. Where HTTP is traced, the span of
/// HTTP is named as usual. What is sent, and how, stays with <see cref="DistributedContextPropagator.Current"/>, but for baggage, which stays here: it is what services of one
/// house tell each other, and a provider is another house. The clients of MeaiRouter's packages have it; an
/// <see cref="HttpClient"/> of your own gets it as <see cref="SocketsHttpHandler.ActivityHeadersPropagator"/>.
/// </remarks>
public sealed class AttemptPropagator : DistributedContextPropagator
{
    // Names of .NET's own. Without a listener the activity is none of the source's.
    private const string HttpSource = "System.Net.Http";
    private const string HttpRequest = "System.Net.Http.HttpRequestOut";

    /// <inheritdoc/>
    public override IReadOnlyCollection<string> Fields => Current.Fields;

    /// <inheritdoc/>
    public override void Inject(Activity? activity, object? carrier, PropagatorSetterCallback? setter) =>
        Current.Inject(
            activity is { OperationName: HttpRequest, Source.Name: not HttpSource, Parent: { } attempt } ? attempt : activity, (carrier, setter), WithoutBaggage);

    /// <inheritdoc/>
    public override void ExtractTraceIdAndState(object? carrier, PropagatorGetterCallback? getter, out string? traceId, out string? traceState) =>
        Current.ExtractTraceIdAndState(carrier, getter, out traceId, out traceState);

    /// <inheritdoc/>
    public override IEnumerable<KeyValuePair<string, string?>>? ExtractBaggage(object? carrier, PropagatorGetterCallback? getter) =>
        Current.ExtractBaggage(carrier, getter);

    private static void WithoutBaggage(object? target, string name, string value)
    {
        var (carrier, setter) = ((object?, PropagatorSetterCallback?))target!;
        if (name is not ("baggage" or "Correlation-Context"))
            setter?.Invoke(carrier, name, value);
    }
}
