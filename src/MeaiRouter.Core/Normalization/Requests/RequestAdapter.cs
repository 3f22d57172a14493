using System.Runtime.CompilerServices;
using MeaiRouter.Catalog;
using MeaiRouter.Dialects;
using MeaiRouter.Routing;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Normalization.Requests;

/// <summary>Brings the options of a request to what the chosen endpoint takes: parameters, reasoning, tools and the format of the answer.</summary>
/// <param name="options">What the layer does.</param>
/// <param name="defaultModel">The model where no router chose an endpoint and a request names none.</param>
internal sealed class RequestAdapter(NormalizingOptions options, string? defaultModel)
{
    private readonly ConditionalWeakTable<ModelEndpoint, RequestRules> _byEndpoint = [];
    private readonly ConditionalWeakTable<Dialect, RequestRules> _byDialect = [];

    /// <summary>Adapts one request.</summary>
    /// <param name="messages">The conversation.</param>
    /// <param name="request">The options.</param>
    /// <param name="context">What the layers share of the request.</param>
    /// <param name="streams">Whether the answer is to be streamed.</param>
    /// <exception cref="Attempts.RouterException">
    /// The endpoint cannot take the request, or only with a change the caller will not have (<c>Unsupported</c>), or the request contradicts
    /// itself (<c>InvalidRequest</c>).
    /// </exception>
    public AdaptedRequest Adapt(IReadOnlyList<ChatMessage> messages, ChatOptions request, RouteContext context, bool streams)
    {
        var rules = context.Attempt?.Endpoint is { } endpoint
            ? _byEndpoint.GetValue(endpoint, static endpoint => new RequestRules(endpoint.Dialect, endpoint))
            : _byDialect.GetValue(DialectOf(context, request), static dialect => new RequestRules(dialect, null));
        var refuses = options.UnsupportedParameters == UnsupportedParameters.Refuse || context.Preferences.RequireParameters == true;
        return Adapt(messages, request, new RequestTarget(context, rules, refuses, streams));
    }

    /// <summary>The dialect of the endpoint a request goes to.</summary>
    public Dialect DialectOf(RouteContext context, ChatOptions request)
    {
        if (context.Attempt?.Endpoint is { } endpoint)
            return endpoint.Dialect;
        return (request.ModelId ?? defaultModel) is { } model ? options.Dialect.For(model) : options.Dialect;
    }

    private static AdaptedRequest Adapt(IReadOnlyList<ChatMessage> messages, ChatOptions request, in RequestTarget target)
    {
        var draft = new OptionsDraft(request);
        ParameterAdaptation.LimitOutput(ref draft, target);
        var reasons = ReasoningAdaptation.Apply(ref draft, target);
        ParameterAdaptation.Apply(ref draft, target, reasons);

        var asked = StructuredRequest.Of(draft.Current);
        var toolNames = ToolAdaptation.Apply(ref messages, ref draft, target, reasons);
        if (asked is null)
            FormatAdaptation.Admit(ref draft, target);
        else
            FormatAdaptation.Apply(asked, messages, ref draft, target);
        return new AdaptedRequest(messages, draft.Done(), toolNames, asked);
    }
}
