using System.Runtime.CompilerServices;
using Microsoft.Extensions.AI;

namespace MeaiRouter.Routing;

/// <summary>Stands for a model, or for one endpoint of it, among the clients that a selector selects from.</summary>
/// <remarks>
/// Give them to a <c>RoutingChatClient</c> of Microsoft.Extensions.AI in place of its clients and set that as
/// <see cref="RoutingOptions.Selector"/>. It calls nobody: its answer is empty and only says that it was chosen.
/// </remarks>
public sealed class EndpointChoice : IChatClient
{
    private const string ChosenKey = "meairouter.choice";

    private readonly ChatClientMetadata _metadata;

    /// <summary>Creates a choice.</summary>
    /// <param name="model">The model's id in the catalogue.</param>
    /// <param name="endpoint">The tag of the endpoint; <see langword="null"/> leaves the endpoint to the routing strategy.</param>
    public EndpointChoice(string model, string? endpoint = null)
    {
        ArgumentException.ThrowIfNullOrWhiteSpace(model);

        Model = model;
        Endpoint = endpoint;
        _metadata = new ChatClientMetadata(endpoint ?? "meairouter", null, model);
    }

    /// <summary>The model's id in the catalogue.</summary>
    public string Model { get; }

    /// <summary>The tag of the endpoint; <see langword="null"/> leaves the endpoint to the routing strategy.</summary>
    public string? Endpoint { get; }

    /// <summary>An empty answer that says it was chosen.</summary>
    /// <inheritdoc/>
    public Task<ChatResponse> GetResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, CancellationToken cancellationToken = default) =>
        Task.FromResult(new ChatResponse { AdditionalProperties = new() { [ChosenKey] = this }, FinishReason = ChatFinishReason.Stop });

    /// <summary>An empty answer that says it was chosen.</summary>
    /// <inheritdoc/>
    public async IAsyncEnumerable<ChatResponseUpdate> GetStreamingResponseAsync(
        IEnumerable<ChatMessage> messages, ChatOptions? options = null, [EnumeratorCancellation] CancellationToken cancellationToken = default)
    {
        await Task.CompletedTask.ConfigureAwait(false);
        yield return new() { AdditionalProperties = new() { [ChosenKey] = this }, FinishReason = ChatFinishReason.Stop };
    }

    /// <inheritdoc/>
    public object? GetService(Type serviceType, object? serviceKey = null)
    {
        ArgumentNullException.ThrowIfNull(serviceType);

        if (serviceKey is not null)
            return null;
        if (serviceType == typeof(ChatClientMetadata))
            return _metadata;
        return serviceType.IsInstanceOfType(this) ? this : null;
    }

    /// <summary>Nothing to dispose.</summary>
    public void Dispose()
    {
    }

    /// <summary>The model, and the endpoint if one was chosen.</summary>
    public override string ToString() => Endpoint is null ? Model : $"{Model} at {Endpoint}";

    /// <summary>Asks a selector. Its options are the request's, as they come to the router.</summary>
    internal static async Task<EndpointChoice> AskAsync(
        IChatClient selector, IReadOnlyList<ChatMessage> messages, ChatOptions options, CancellationToken cancellationToken)
    {
        var response = await selector.GetResponseAsync(messages, options, cancellationToken).ConfigureAwait(false);
        return response.AdditionalProperties?.TryGetValue(ChosenKey, out var chosen) == true && chosen is EndpointChoice choice
            ? choice
            : throw new InvalidOperationException(
                $"The selector answered the request itself. The clients it selects from must be of type {nameof(EndpointChoice)}.");
    }

    /// <summary>Moves what was chosen to the front of the plan, behind none but those who have a key of the caller's before it.</summary>
    /// <param name="plan">The plan.</param>
    /// <param name="isPlanned">Whether the plan was made for the chosen model, whatever name it was chosen by.</param>
    /// <param name="context">Takes down what came of it.</param>
    internal RoutePlan ApplyTo(RoutePlan plan, bool isPlanned, RouteContext context)
    {
        bool IsOfModel(Candidate candidate) => isPlanned || candidate.Model.Id.Equals(Model, StringComparison.OrdinalIgnoreCase);
        bool IsChosen(Candidate candidate) => IsOfModel(candidate) && candidate.Endpoint.Tag.Equals(Endpoint, StringComparison.OrdinalIgnoreCase);

        var isServed = false;
        for (var i = 0; i < plan.Candidates.Count; i++)
        {
            if (!IsOfModel(plan.Candidates[i]))
                continue;
            isServed = true;
            plan = plan.Advance(i, Front(plan, i, IsOfModel));
        }

        if (isServed && Endpoint is not null)
        {
            if (plan.PreferencesFor(plan.Candidates[0].Model).Order.Count > 0)
            {
                context.Note($"The selector chose {this}, but the request itself orders the endpoints.");
                return plan;
            }

            isServed = false;
            for (var i = 0; i < plan.Candidates.Count; i++)
            {
                if (!IsChosen(plan.Candidates[i]))
                    continue;
                isServed = true;
                plan = plan.Advance(i, Front(plan, i, IsChosen));
            }
        }

        context.Note(isServed ? $"The selector chose {this}." : $"The selector chose {this}, which may not serve this request.");
        return plan;
    }

    /// <summary>Whether the choice decides the model: the request names none, nor a preset that may.</summary>
    internal static bool MayChooseModel(RouteContext context) =>
        string.IsNullOrWhiteSpace(context.RequestedModel) && context.Preferences is { Models.Count: 0, Preset: null };

    /// <summary>Where a chosen candidate goes: behind those of earlier sections, and behind the chosen ones before it.</summary>
    private static int Front(RoutePlan plan, int chosen, Predicate<Candidate> isChosen)
    {
        var section = plan.SectionOf(chosen);
        for (var i = 0; i < chosen; i++)
        {
            if (plan.SectionOf(i) >= section && !(plan.SectionOf(i) == section && isChosen(plan.Candidates[i])))
                return i;
        }

        return chosen;
    }
}
