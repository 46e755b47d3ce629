# shellcheck shell=bash
# A real NFS share: the guest `nas` serves it, the guests c1, c2 … mount it on /mnt/share. Source it after
# guest.sh.

NFS_CLIENTS="c1 c2"
NFS_LEASE_SECONDS=10   # the kernel's own are 90

# nfs_up: the server, unless it runs, and the clients, which do not; without a mount.
nfs_up() {
  local guest jobs=()
  nfs_server_up &
  jobs=($!)
  for guest in $NFS_CLIENTS; do
    nfs_client_up "$guest" &
    jobs+=($!)
  done
  for guest in "${jobs[@]}"; do wait "$guest"; done
}
nfs_server_up() {
  guest_runs nas || guest_start nas 256M 512M
  nfs_serve
}
nfs_client_up() {
  guest_start "$1" 640M
  guest_run "$1" "/run/modprobe -a nfsv3 nfsv4 && rpcbind -w && rpc.statd --no-notify"
}

# The service alone, while the machine goes on: who asks is refused.
nfs_serve() { guest_run nas "/mnt/bed/nfs-server start $NFS_LEASE_SECONDS"; }
nfs_stop() { guest_run nas "/mnt/bed/nfs-server stop"; }

# nfs_export NAME: an empty directory, as the README has it made for Fairlead.
nfs_export() {
  guest_run nas "rm -rf /mnt/disk/export/$1 && install -d -m 700 -o 10001 -g 10001 /mnt/disk/export/$1"
}

# nfs_mount GUEST NAME [OPTION…]: mounts that directory; in the way of deploy/stack.yml, unless the options
# say another: vers=3, vers=3,nolock …
nfs_mount() {
  local guest=$1 path=/$2 options=${3:-vers=4.2}
  case $options in *vers=3*) path=/mnt/disk/export/$2 ;; esac
  guest_run "$guest" "mount -t nfs -o rw,hard,noatime,$options $(guest_ip nas):$path /mnt/share"
}
nfs_unmount() { guest_run "$1" "umount -f /mnt/share"; }
# nfs_mounted GUEST: how the kernel says it is mounted
nfs_mounted() { guest_run "$1" "awk '\$2 == \"/mnt/share\" { print \$3, \$4 }' /proc/mounts"; }
