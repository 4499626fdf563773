using Pipeline.Tracker;

namespace Pipeline.Store;

/// <summary>A group whose decisions are on the disk.</summary>
/// <param name="Group">The group.</param>
/// <param name="Links">Its links that were new to the store; those of tracklets stored before are left out.</param>
/// <param name="Events">The events written, by sequence.</param>
public sealed record CommittedGroup(LinkGroup Group, IReadOnlyList<Link> Links, IReadOnlyList<StoredEvent> Events);
